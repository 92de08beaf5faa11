/** Why a file is not taken. */
export const FILE_REFUSALS = {
  EMPTY: 'The file is empty.',
  TOO_LARGE: 'The file is larger than files of its kind may be.',
  WRONG_LENGTH: 'The file has another length than was announced.',
  WRONG_HASH: 'The file has another SHA-256 than was announced.',
  UNSUPPORTED_TYPE: 'Files of this type are not taken.',
  HEIC_NOT_SUPPORTED:
    'HEIC pictures are not taken, as few programs show them: convert the picture to JPEG first.',
  WRONG_EXTENSION: 'The name of the file does not end as its type does.',
  WRONG_TYPE: 'The file is not of the type that was announced.',
  TRUNCATED: 'The file ends too early.',
  TRAILING_DATA: 'Something else follows in the file after its end.',
  MALFORMED: 'The file is not built as files of its type are.',
  TOO_COMPLEX: 'The file is made of more parts than are looked through.',
  TOO_MANY_PIXELS: 'The picture is larger than can be shown.',
  TOO_MANY_FRAMES: 'The picture has more frames than are looked through.',
  UNREADABLE: 'The picture cannot be decoded.',
  UNSUPPORTED_CODEC: 'The clip is encoded in a way that few programs play.',
  NO_PICTURE: 'The clip has no moving picture.',
  EXTERNAL_DATA: 'The clip refers to files elsewhere.',
  HIDDEN_TRACK:
    'The clip has a track besides picture and sound, which may tell where it was taken.',
} as const;

export type FileRefusalCode = keyof typeof FILE_REFUSALS;

/** Why an upload is not begun or not completed. */
export const UPLOAD_REFUSALS = {
  ...FILE_REFUSALS,
  UNKNOWN_ORDER: 'There is no such order that you may see.',
  TOO_MANY_UPLOADS:
    'Too many uploads were begun and not completed, or the order has too many files.',
  UNKNOWN_UPLOAD: 'There is no such upload of yours.',
  NOT_UPLOADED: 'The bytes of this upload have not come yet.',
} as const;

export type UploadRefusalCode = keyof typeof UPLOAD_REFUSALS;

/** Why bytes that are sent are not taken, with the status of HTTP that says so. */
export const SENDING_REFUSALS = {
  UNKNOWN_UPLOAD: { status: 404, message: 'There is no such upload.' },
  TICKET_FORGED: { status: 403, message: 'This address was not given out by this service.' },
  TICKET_EXPIRED: { status: 403, message: 'This ticket has expired; ask for another one.' },
  TICKET_USED: { status: 409, message: 'This ticket has been used; ask for another one.' },
  TOO_LARGE: { status: 413, message: 'More bytes come than were announced.' },
  WRONG_TYPE: { status: 415, message: 'The content type is not the one that was announced.' },
  WRONG_LENGTH: { status: 400, message: FILE_REFUSALS.WRONG_LENGTH },
  BROKEN_OFF: { status: 400, message: 'The connection broke; the ticket is still good.' },
  WRONG_HASH: { status: 422, message: FILE_REFUSALS.WRONG_HASH },
} as const;

export type SendingRefusalCode = keyof typeof SENDING_REFUSALS;

/** Thrown deep in a file that is looked through; whoever looks turns it into a refusal. */
export class Unacceptable extends Error {
  constructor(readonly code: FileRefusalCode) {
    super(code);
  }
}

/** @throws Unacceptable */
export function demand(condition: boolean, code: FileRefusalCode): asserts condition {
  if (!condition) throw new Unacceptable(code);
}
