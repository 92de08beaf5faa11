import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import type { AnnouncedUpload } from './begin-upload.service.ts';

/** `CreateUploadInput` as it arrives. */
export interface CreateUploadInput extends Omit<AnnouncedUpload, 'caller' | 'orderId'> {
  readonly orderId?: string | null;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const FILENAME = { what: 'A file name', least: 1, most: 200 };
const CONTROLS = /\p{Cc}/u;
const SHA256 = /^[0-9a-f]{64}$/i;

/** @throws GraphQLError BAD_USER_INPUT */
export function announcedUpload(input: CreateUploadInput, caller: Caller): AnnouncedUpload {
  const { requestKey, orderId, filename, mime, bytes, sha256, purpose } = input;
  checkText(requestKey, REQUEST_KEY, 'input.requestKey');
  checkText(filename, FILENAME, 'input.filename');
  if (CONTROLS.test(filename)) {
    throw badInput('A file name holds no control characters.', 'input.filename');
  }
  if (bytes < 0) throw badInput('A file has no fewer than 0 bytes.', 'input.bytes');
  if (!SHA256.test(sha256)) {
    throw badInput('A SHA-256 has 64 hexadecimal digits.', 'input.sha256');
  }
  return {
    caller: caller as SignedInCaller,
    requestKey,
    orderId: orderId?.toLowerCase() ?? null,
    filename,
    mime: mime.toLowerCase(),
    bytes,
    sha256: sha256.toLowerCase(),
    purpose,
  };
}
