import { legsOf, shelfOf, workOf } from '../../core/claims/resource.ts';
import type { NetworkDocument } from '../../core/network/network-document.ts';
import type { NetworkInput } from '../../core/network/network-input.ts';
import type { Network, Workshop } from '../../core/network/network.ts';

/** What an import changes, by what it may no longer fit. */
export interface Affected {
  readonly storeCodes: readonly string[];
  /** Work, rides and shelves, of the chain before and after. */
  readonly resources: readonly string[];
}

/** The parts that an import really changes: stating a part again as it is affects nothing. */
export function affectedBy(
  input: NetworkInput,
  documentBefore: NetworkDocument,
  networks: readonly Network[],
): Affected {
  const storeCodes = changed(input.stores, documentBefore.stores);
  const workshopCodes = changed(input.workshops, documentBefore.workshops);
  const lineCodes = changed(input.lines, documentBefore.lines);
  const resources = networks.flatMap(({ workshops, lines }) => [
    ...workshopCodes.flatMap((code) => skillsOf(workshops.get(code)).map((s) => workOf(code, s))),
    ...lineCodes.flatMap((code) => (lines.has(code) ? legsOf(lines.get(code)!) : [])),
    ...storeCodes.map(shelfOf),
  ]);
  return { storeCodes, resources: [...new Set(resources)].sort() };
}

function changed<Part extends { readonly code: string }>(
  parts: readonly Part[] | null | undefined,
  before: ReadonlyMap<string, Part>,
): readonly string[] {
  const isChanged = (part: Part) => canonical(part) !== canonical(before.get(part.code));
  return (parts ?? []).filter(isChanged).map((part) => part.code);
}

/** Fields in one order; the database keeps them in another than the client sent. */
function canonical(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function skillsOf(workshop: Workshop | undefined): readonly string[] {
  return [...new Set((workshop?.shifts ?? []).flatMap((shift) => [...shift.units.keys()]))];
}
