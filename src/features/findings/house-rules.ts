import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { badInput } from '../../platform/graphql/errors.ts';
import { run } from '../../platform/database/statement.ts';

/** What headquarters rule about hand-outs and findings; it holds from then on. */
export interface HouseRulesData {
  /** Part of an order may be handed out. */
  readonly partialHandOut: boolean;
  /** How long customers have to decide on a finding, 1 to 720. */
  readonly findingDecideHours: number;
  /** How long before the end they are reminded; null: not at all. */
  readonly findingReminderHours: number | null;
  /** What is done with a finding that nobody decided on. */
  readonly findingDefault: 'APPROVE' | 'DECLINE';
}

/** `HouseRulesInput` as it arrives; what is left out stays. */
export type HouseRulesInput = {
  readonly [Rule in keyof HouseRulesData]?: HouseRulesData[Rule] | null;
};

const MOST_HOURS = 720;

/** The house rules of the chain. */
@Injectable()
export class HouseRules {
  constructor(private readonly db: DataSource) {}

  async standing(): Promise<HouseRulesData> {
    const [row] = await run<HouseRulesData>(this.db, READ);
    return row!;
  }

  /** @throws GraphQLError BAD_USER_INPUT on hours that do not fit each other */
  async change(input: HouseRulesInput): Promise<HouseRulesData> {
    return this.db.transaction(async (tx) => {
      const [before] = await run<HouseRulesData>(tx, LOCK);
      const rules = changed(before!, input);
      const { findingDecideHours: hours, findingReminderHours: reminder } = rules;
      if (hours < 1 || hours > MOST_HOURS) {
        throw badInput(`It is from 1 to ${MOST_HOURS} hours.`, 'input.findingDecideHours');
      }
      if (reminder !== null && (reminder < 1 || reminder >= hours)) {
        throw badInput('It is from 1 hour to less than there are.', 'input.findingReminderHours');
      }
      const { partialHandOut, findingDefault } = rules;
      await run(tx, WRITE, [partialHandOut, hours, reminder, findingDefault]);
      return rules;
    });
  }
}

/** An hour of reminding that is null takes it off; the others cannot be without a value. */
function changed(before: HouseRulesData, input: HouseRulesInput): HouseRulesData {
  const { findingReminderHours = before.findingReminderHours } = input;
  return {
    partialHandOut: input.partialHandOut ?? before.partialHandOut,
    findingDecideHours: input.findingDecideHours ?? before.findingDecideHours,
    findingReminderHours,
    findingDefault: input.findingDefault ?? before.findingDefault,
  };
}

const COLUMNS = `partial_hand_out AS "partialHandOut", finding_decide_hours AS "findingDecideHours",
  finding_remind_hours AS "findingReminderHours", finding_default AS "findingDefault"`;

const READ = { name: 'house-rules-read', text: `SELECT ${COLUMNS} FROM house_rules` };

const LOCK = { name: 'house-rules-lock', text: `SELECT ${COLUMNS} FROM house_rules FOR UPDATE` };

const WRITE = {
  name: 'house-rules-write',
  text: `UPDATE house_rules SET partial_hand_out = $1, finding_decide_hours = $2,
                finding_remind_hours = $3, finding_default = $4`,
};
