/** A token as a provider gave it. */
export interface FreshToken {
  readonly token: string;
  readonly expiresInSec: number;
}

/** Access tokens of accounts, shared by all processes. */
export interface TokenStore {
  /** The kept token, or one fetched now: by one caller, while the others wait for it. */
  get(key: string, fetch: () => Promise<FreshToken>): Promise<string>;
  /** Forgets the token that was refused; without effect if another one is kept by now. */
  invalidate(key: string, refused: string): Promise<void>;
}
