import { checkCode, checkList } from './check-values.ts';
import { mergeNetwork, type NetworkDocument } from './network-document.ts';
import type { NetworkInput, NetworkProblem } from './network-input.ts';
import { ProblemList } from './problem-list.ts';
import { checkLine } from './validate-line.ts';
import { checkService } from './validate-service.ts';
import { checkStore } from './validate-store.ts';
import { checkWorkshop } from './validate-workshop.ts';

const MAX_STORES = 5000;
const MAX_WORKSHOPS = 5000;
const MAX_SERVICES = 5000;
const MAX_LINES = 20_000;

/**
 * All that is wrong with importing `input` into `current`, in the order of the input, at most 100
 * problems; none: the two merged compile. `current` has passed before and is not looked at again.
 */
export function validateNetwork(
  current: NetworkDocument,
  input: NetworkInput,
): readonly NetworkProblem[] {
  const problems = new ProblemList();
  const merged = mergeNetwork(current, input);
  const { stores, workshops, services, lines } = input;

  const storeCodes = new CodeCheck(problems, current.workshops, 'a workshop has this code');
  checkList(problems, 'stores', stores, { most: MAX_STORES }, (store, path) => {
    storeCodes.check(`${path}.code`, store.code);
    checkStore(problems, path, store);
  });
  const workshopCodes = new CodeCheck(problems, merged.stores, 'a store has this code');
  checkList(problems, 'workshops', workshops, { most: MAX_WORKSHOPS }, (workshop, path) => {
    workshopCodes.check(`${path}.code`, workshop.code);
    checkWorkshop(problems, path, workshop, merged);
  });
  const serviceCodes = new CodeCheck(problems);
  checkList(problems, 'services', services, { most: MAX_SERVICES }, (service, path) => {
    serviceCodes.check(`${path}.code`, service.code);
    checkService(problems, path, service);
  });
  const lineCodes = new CodeCheck(problems);
  checkList(problems, 'lines', lines, { most: MAX_LINES }, (line, path) => {
    lineCodes.check(`${path}.code`, line.code);
    checkLine(problems, path, line, merged);
  });
  return problems.problems;
}

/** Codes of one kind: of the right form, none twice in the input, none that `others` have. */
class CodeCheck {
  private readonly seen = new Set<string>();

  constructor(
    private readonly problems: ProblemList,
    private readonly others: ReadonlyMap<string, unknown> = new Map(),
    private readonly othersMessage = '',
  ) {}

  check(path: string, code: string): void {
    checkCode(this.problems, path, code);
    if (this.seen.has(code)) this.problems.add(path, 'this code is there twice');
    else if (this.others.has(code)) this.problems.add(path, this.othersMessage);
    this.seen.add(code);
  }
}
