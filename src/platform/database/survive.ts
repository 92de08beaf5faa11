import type pg from 'pg';

/**
 * Lets a connection break without ending the process. It can in a moment in which nobody listens to it,
 * as when the server says in one breath that it is ready and that it goes; whoever asks it something then
 * is told by the failure of that.
 */
export function survive(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}
