/** Repeatable draws: the same sequence for the same line, so that an expectation can be computed again. */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). Source: mulberry32, Tommy Ettinger, public domain. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

/** Mean of a Rayleigh distribution of scale 1: the square root of pi / 2, by the convention below. */
const MEAN_OF_UNIT = Math.sqrt(Math.PI) / 2;

/**
 * A time of this mean as it might turn out, at least `elapsed` long: by the Weibull distribution of shape
 * 2, whose standard deviation is half of its mean. What is left of it is known in closed form.
 *
 * @param draw uniform in [0, 1)
 */
export function drawnTime(mean: number, elapsed: number, draw: number): number {
  const scale = mean / MEAN_OF_UNIT;
  const past = elapsed / scale;
  return scale * Math.sqrt(past * past - Math.log(1 - draw));
}
