import { demand } from './refusals.ts';

/** A picture of the largest sensors of telephones that most people have. */
export const MOST_PIXELS = 50_000_000;
/** WebP knows no longer ones. */
export const MOST_SIDE = 16_383;
/** Pictures that move are shown by their first frame. */
export const MOST_FRAMES = 300;

/** @throws Unacceptable */
export function checkPixels(width: number, height: number): void {
  demand(width > 0 && height > 0, 'MALFORMED');
  const isTooLarge = width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_PIXELS;
  demand(!isTooLarge, 'TOO_MANY_PIXELS');
}
