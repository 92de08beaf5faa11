import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import type { UploadRefused, UploadTicket } from './begin-upload.service.ts';
import type { Medium } from './medium.ts';
import { UPLOAD_REFUSALS } from './refusals.ts';

/** The GraphQL form of a picture or clip; its addresses are asked for one by one. */
export const mediaView = (medium: Medium) => {
  const { mime, bytes, width, height } = medium.original;
  const createdAt = medium.completedAt;
  return { __typename: 'Media' as const, medium, ...medium, mime, bytes, width, height, createdAt };
};

export type MediaView = ReturnType<typeof mediaView>;

/** The GraphQL answer to `createUpload`. */
export const ticketAnswer = (result: Result<UploadTicket, UploadRefused | RequestKeyReused>) =>
  result.ok ? { __typename: 'UploadTicket' as const, ...result.value } : refusalView(result.error);

/** The GraphQL answer to `completeUpload`. */
export const mediaAnswer = (result: Result<Medium, UploadRefused>) =>
  result.ok ? mediaView(result.value) : refusalView(result.error);

function refusalView({ code }: UploadRefused | RequestKeyReused) {
  if (code === 'REQUEST_KEY_REUSED') {
    const message = 'This request key came before with another content.';
    return { __typename: 'RequestKeyReused' as const, code, message };
  }
  return { __typename: 'UploadRefused' as const, code, message: UPLOAD_REFUSALS[code] };
}
