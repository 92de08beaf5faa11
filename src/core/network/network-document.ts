import type {
  LineInput,
  NetworkInput,
  ServiceInput,
  StoreInput,
  WorkshopInput,
} from './network-input.ts';

/** All parts of a chain as headquarters stated them, by code. What is stored, and what imports change. */
export interface NetworkDocument {
  readonly stores: ReadonlyMap<string, StoreInput>;
  readonly workshops: ReadonlyMap<string, WorkshopInput>;
  readonly services: ReadonlyMap<string, ServiceInput>;
  readonly lines: ReadonlyMap<string, LineInput>;
}

/** A chain with nothing in it. */
export const emptyDocument: NetworkDocument = {
  stores: new Map(),
  workshops: new Map(),
  services: new Map(),
  lines: new Map(),
};

/**
 * `current` with the parts of `input` in place of those of the same kind and code; what is not named
 * stays. Of two parts of one code in `input` the later one counts (validation refuses such input).
 */
export function mergeNetwork(current: NetworkDocument, input: NetworkInput): NetworkDocument {
  return {
    stores: withParts(current.stores, input.stores),
    workshops: withParts(current.workshops, input.workshops),
    services: withParts(current.services, input.services),
    lines: withParts(current.lines, input.lines),
  };
}

/** The chain that consists of the parts of `input` alone. */
export function documentOf(input: NetworkInput): NetworkDocument {
  return mergeNetwork(emptyDocument, input);
}

function withParts<Part extends { readonly code: string }>(
  current: ReadonlyMap<string, Part>,
  parts: readonly Part[] | null | undefined,
): ReadonlyMap<string, Part> {
  const merged = new Map(current);
  for (const part of parts ?? []) merged.set(part.code, part);
  return merged;
}
