/** What live connections may cost. Sizes in bytes of what clients send. */
export const LIVE_LIMITS = {
  connections: 10_000,
  subscriptionsOfConnection: 20,
  messageBytes: 64 * 1024,
  /** Sent to a client that does not read it. Each subscription waits until its last message is sent. */
  unreadBytes: 1024 * 1024,
  /** To say who it is. */
  initMs: 5_000,
  /** A client that does not answer a ping until the next one is gone. */
  pingMs: 15_000,
  /** Without any subscription. */
  idleMs: 60_000,
} as const;

/** Why a connection is closed, beyond what the protocol `graphql-transport-ws` closes itself. */
export const CLOSED = {
  shuttingDown: [1001, 'The service goes down; connect again.'],
  idle: [1000, 'Nothing is subscribed to.'],
  internal: [1011, 'Something went wrong on our side.'],
  unauthenticated: [4401, 'This needs a bearer token that is valid.'],
  expired: [4403, 'The token has expired.'],
} as const satisfies Record<string, readonly [number, string]>;
