import { union } from '../time/interval.ts';
import type { Disruptions } from './disruptions.ts';
import type { Network } from './network.ts';

/**
 * The network with these disruptions in the place of those it had. Each part holds its own, so that
 * whoever is given a store, a workshop or a line sees them; parts without any stay the values they are.
 */
export function withDisruptions(network: Network, disruptions: Disruptions): Network {
  const { trips, shifts, closures } = disruptions;
  return {
    ...network,
    stores: laidOver(network.stores, 'closures', (code) => normal(union(closures.get(code) ?? []))),
    workshops: laidOver(network.workshops, 'cuts', (code) => normal(shifts.get(code))),
    lines: laidOver(network.lines, 'disrupted', (code) => normal(trips.get(code))),
    disruptions,
  };
}

/** One way to say that there are none. */
function normal<T extends { readonly size: number } | readonly unknown[]>(
  parts: T | undefined,
): T | undefined {
  if (parts === undefined) return undefined;
  return ('size' in parts ? parts.size : parts.length) === 0 ? undefined : parts;
}

function laidOver<Part extends object, Key extends keyof Part>(
  parts: ReadonlyMap<string, Part>,
  key: Key,
  overlayOf: (code: string) => Part[Key],
): ReadonlyMap<string, Part> {
  const out = new Map<string, Part>();
  for (const [code, part] of parts) {
    const overlay = overlayOf(code);
    const isBare = overlay === undefined && part[key] === undefined;
    out.set(code, isBare ? part : { ...part, [key]: overlay });
  }
  return out;
}
