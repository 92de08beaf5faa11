import { DateTime } from 'luxon';

import type { EpochMs } from '../core/time/time.ts';

/** What the clocks of Chinese carriers show. */
export const CHINA = 'Asia/Shanghai';

const inChina = (at: EpochMs): DateTime => DateTime.fromMillis(at, { zone: CHINA });

/** `20261122` */
export const chinaDate = (at: EpochMs): string => inChina(at).toFormat('yyyyMMdd');

/** From `now` to the next midnight in China: when daily limits of its carriers end. */
export const untilChinaDayMs = (now: EpochMs): number =>
  inChina(now).plus({ days: 1 }).startOf('day').toMillis() - now;

/** From `now` to the next first of a month in China. */
export const untilChinaMonthMs = (now: EpochMs): number =>
  inChina(now).plus({ months: 1 }).startOf('month').toMillis() - now;

/** `2026-11-22 09:02:03` on a clock in that zone; undefined if it is no such time. */
export function readStamp(stamp: string, zone: string): EpochMs | undefined {
  const read = DateTime.fromFormat(stamp, 'yyyy-MM-dd HH:mm:ss', { zone });
  return read.isValid ? read.toMillis() : undefined;
}
