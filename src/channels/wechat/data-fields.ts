import { inOneLine } from '../fill-template.ts';
import { fitText } from '../fit-text.ts';

export type TimeForm = 'chinese' | 'iso';

const MOST_THING_CHARS = 20;
/** Of types that are not documented, as in templates of old. */
const MOST_OTHER_CHARS = 200;
/** A CJK character takes two of them. */
const MOST_NAME_UNITS = 20;
/** What {@link fitText} ends with when it cuts. */
const MARK = '…';

const CHINESE_DATE = String.raw`\d{4}年\d{1,2}月\d{1,2}日`;
const ISO_DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const HOUR = String.raw`\d{1,2}:\d{2}`;
const MOMENT = `((${CHINESE_DATE}|${ISO_DATE})( ${HOUR})?|${HOUR})`;
const TIME = new RegExp(`^${MOMENT}( ?~ ?${MOMENT})?$`);
const DATE = new RegExp(`^(${CHINESE_DATE}|${ISO_DATE})( ${HOUR})?( ?~ ?${MOMENT})?$`);

/** What a value must be. Source: WeChat, parameter types of subscription messages. */
const RULES: Readonly<Record<string, RegExp>> = {
  number: /^(?=.{1,32}$)\d+(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[\p{P}\p{S}]{1,5}$/u,
  character_string: /^[\x20-\x7e]{1,32}$/,
  time: TIME,
  date: DATE,
  amount: /^\p{Sc}?\d{1,10}(\.\d{1,2})?元?$/u,
  phone_number: /^[+\d][\d -]{0,16}$/,
  car_number: /^[\p{L}\p{N}·]{1,8}$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
  enum: /^.{1,20}$/u,
};

/**
 * A value as its field takes it, or undefined if it does not: only words may be cut, a number or a
 * time that lost its end would say something else.
 *
 * @param field the provider's name of it: its type and a number, as in `thing2`
 */
export function fitWechatField(
  field: string,
  value: string,
  timeForm: TimeForm = 'chinese',
): string | undefined {
  const type = field.replace(/\d+$/, '');
  const line = inOneLine(value);
  if (line === '') return undefined;
  if (type === 'thing') return fitText(line, MOST_THING_CHARS);
  if (type === 'name') return fitName(line);
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  if (rule === undefined) return fitText(line, MOST_OTHER_CHARS);
  const fitted = type === 'amount' ? line.replaceAll(',', '') : inForm(line, timeForm);
  return rule.test(fitted) ? fitted : undefined;
}

function inForm(value: string, timeForm: TimeForm): string {
  if (timeForm === 'chinese') return value;
  return value.replace(/(\d{4})年(\d{1,2})月(\d{1,2})日/g, (_, year, month, day) =>
    [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-'),
  );
}

const nameUnits = (text: string): number =>
  Array.from(text).reduce((units, char) => units + (/^[\x20-\x7e]$/.test(char) ? 1 : 2), 0);

/** Without a mark at its end: that would be taken for a part of the name. */
function fitName(name: string): string {
  if (nameUnits(name) <= MOST_NAME_UNITS) return name;
  // Room for the mark on top, and so much text that there has to be one.
  const marked = fitText(name + MARK, MOST_NAME_UNITS + nameUnits(MARK), nameUnits);
  return marked.slice(0, -MARK.length);
}
