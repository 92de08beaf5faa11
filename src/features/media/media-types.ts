import type { FileRefusalCode } from './refusals.ts';

export type MediaKind = 'IMAGE' | 'VIDEO';

export interface AcceptedType {
  readonly kind: MediaKind;
  /** What a file name may end with, in lower case. */
  readonly extensions: readonly string[];
}

/** What is taken, by its type of RFC 6838. */
export const ACCEPTED_TYPES = {
  'image/jpeg': { kind: 'IMAGE', extensions: ['jpg', 'jpeg'] },
  'image/png': { kind: 'IMAGE', extensions: ['png'] },
  'image/webp': { kind: 'IMAGE', extensions: ['webp'] },
  'image/gif': { kind: 'IMAGE', extensions: ['gif'] },
  'image/avif': { kind: 'IMAGE', extensions: ['avif'] },
  'video/mp4': { kind: 'VIDEO', extensions: ['mp4', 'm4v'] },
  'video/quicktime': { kind: 'VIDEO', extensions: ['mov', 'qt'] },
  'video/webm': { kind: 'VIDEO', extensions: ['webm'] },
} as const satisfies Record<string, AcceptedType>;

export type MediaType = keyof typeof ACCEPTED_TYPES;

const MEGABYTE = 1_000_000;
export const MOST_BYTES: Readonly<Record<MediaKind, number>> = {
  IMAGE: 10 * MEGABYTE,
  VIDEO: 100 * MEGABYTE,
};

const HEIC = /^image\/hei[cf](-sequence)?$/;
const EXTENSION = /\.([^.]+)$/;

export interface AnnouncedFile {
  readonly filename: string;
  readonly mime: string;
  readonly bytes: number;
}

export const isAccepted = (mime: string): mime is MediaType => Object.hasOwn(ACCEPTED_TYPES, mime);

/** Why a file is refused by what is said of it alone; null: it is not. */
export function refusalOfAnnounced({
  filename,
  mime,
  bytes,
}: AnnouncedFile): FileRefusalCode | null {
  if (HEIC.test(mime)) return 'HEIC_NOT_SUPPORTED';
  if (!isAccepted(mime)) return 'UNSUPPORTED_TYPE';
  const { kind, extensions } = ACCEPTED_TYPES[mime];
  const ending = EXTENSION.exec(filename)?.[1]?.toLowerCase() ?? '';
  if (!extensions.some((extension) => extension === ending)) return 'WRONG_EXTENSION';
  if (bytes === 0) return 'EMPTY';
  return bytes > MOST_BYTES[kind] ? 'TOO_LARGE' : null;
}

/** Bytes that have to be there to tell a type. */
export const SNIFFED_BYTES = 64;

const MP4_BRANDS = /^(isom|iso[2-9]|mp4[12]|avc1|M4V |M4VH|M4VP|MSNV|dash|mmp4|f4v )$/;
const HEIC_BRANDS = /^(heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|msf1)$/;

/**
 * The type that the first bytes of a file tell, whatever it is called; null: none that is known here. Of
 * Matroska it cannot tell WebM, which the check of its container does.
 */
export function sniffedType(head: Buffer): MediaType | 'image/heic' | null {
  const starts = (hex: string, at = 0): boolean => head.toString('hex', at).startsWith(hex);
  if (starts('ffd8ff')) return 'image/jpeg';
  if (starts('89504e470d0a1a0a')) return 'image/png';
  if (/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) return 'image/gif';
  if (/^RIFF[^]{4}WEBP/.test(head.toString('latin1', 0, 12))) return 'image/webp';
  if (starts('1a45dfa3')) return 'video/webm';
  return head.toString('latin1', 4, 8) === 'ftyp' ? typeOfBrands(head) : null;
}

/** The major brand says it; of pictures that only name their container, the compatible ones do. */
function typeOfBrands(head: Buffer): MediaType | 'image/heic' | null {
  const major = head.toString('latin1', 8, 12);
  const end = Math.min(head.readUInt32BE(0), head.length);
  const all = [major, ...(head.toString('latin1', 16, end).match(/[^]{4}/g) ?? [])];
  if (major === 'qt  ') return 'video/quicktime';
  if (MP4_BRANDS.test(major)) return 'video/mp4';
  if (all.includes('avif') || all.includes('avis')) return 'image/avif';
  return HEIC_BRANDS.test(major) ? 'image/heic' : null;
}
