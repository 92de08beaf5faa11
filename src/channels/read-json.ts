import type { z } from 'zod';

/** What a provider wrote, if it is JSON of that shape; else undefined. */
export function readJson<T>(text: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
