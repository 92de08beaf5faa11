import { checkCurrency, checkList, checkName, checkSkill, checkWhole } from './check-values.ts';
import type { ServiceInput } from './network-input.ts';
import type { ProblemList } from './problem-list.ts';

const MAX_OPERATIONS = 20;
const MAX_DWELL_MIN = 365 * 1440;

/** All of a service but its code. */
export function checkService(problems: ProblemList, path: string, service: ServiceInput): void {
  checkName(problems, `${path}.name`, service.name);
  checkWhole(problems, `${path}.priceMinor`, service.priceMinor, 0);
  checkCurrency(problems, `${path}.currency`, service.currency);
  checkList(
    problems,
    `${path}.operations`,
    service.operations,
    { least: 1, most: MAX_OPERATIONS },
    ({ skill, units, dwellMinutes }, at) => {
      checkSkill(problems, `${at}.skill`, skill);
      checkWhole(problems, `${at}.units`, units, 1);
      checkWhole(problems, `${at}.dwellMinutes`, dwellMinutes, 0, MAX_DWELL_MIN);
    },
  );
}
