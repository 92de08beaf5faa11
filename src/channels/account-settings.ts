import { z } from 'zod';

import type { SettingField } from './channel.ts';

/** An origin, perhaps with a path, without the `/` at its end: its host unless an account names another. */
export const baseUrl = (
  liveUrl: string,
): z.ZodDefault<z.ZodPipe<z.ZodURL, z.ZodTransform<string, string>>> =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(liveUrl);

const MOST_CHARS = 2048;

/** A setting that is one line of text. */
export const settingText = z.string().trim().min(1).max(MOST_CHARS);

/** A setting that may be shown. */
export const shownSetting = (name: string, isRequired: boolean, help: string): SettingField => ({
  name,
  isSecret: false,
  isRequired,
  help,
});

/** A setting that is kept encrypted. */
export const secretSetting = (name: string, isRequired: boolean, help: string): SettingField => ({
  name,
  isSecret: true,
  isRequired,
  help,
});
