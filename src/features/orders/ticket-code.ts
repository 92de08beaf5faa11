import { randomInt } from 'node:crypto';

/**
 * Letters and digits that are told apart when seen and when read aloud: of 0/O, 1/I/L, 2/Z, 5/S, 8/B
 * and of letters that rhyme (B, C, D, E, G, P, T, V; M, N; F, S) at most one of each is used.
 */
const ALPHABET = '2346789ACFHJKMRTWXY';
const GROUP = 4;

/** Two groups of four, for example `K7RM-4XWA`: 1.7e10 codes, from the system's secure random source. */
export function newTicketCode(): string {
  return `${group()}-${group()}`;
}

function group(): string {
  return Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
