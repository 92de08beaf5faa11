/** Where bytes lie that came and were not looked through yet. */
export const receivedKey = (uploadId: string): string => `uploads/${uploadId}`;

/**
 * Where a file of a medium is kept, in one of 65,536 directories. Its name holds the medium, so that no
 * two media share a file and each can be deleted without looking for others.
 *
 * @param sha256 in hexadecimal
 */
export const keptKey = (sha256: string, mediaId: string): string =>
  `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}-${mediaId}`;
