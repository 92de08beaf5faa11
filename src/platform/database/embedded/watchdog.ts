import { spawn } from 'node:child_process';

/**
 * Waits for a line or for the end of its input. The input ends without a line when the process that
 * started it is gone, in whatever way: then the server is stopped. `$1` is the server's process id,
 * the rest are directories to remove afterwards.
 */
const SCRIPT = `
  read -r _ && exit 0
  server=$1
  shift
  kill -INT "$server" 2>/dev/null
  [ $# -gt 0 ] || exit 0
  while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  rm -rf "$@"
`;

/**
 * Sees to it that the server does not outlive this process, even if this process is killed.
 *
 * @returns ends the watch; to be called when the server is gone, as its process id is then another's
 */
export function watchOver(serverPid: number, removeAfter: readonly string[]): () => void {
  const words = ['-c', SCRIPT, 'watchdog', String(serverPid), ...removeAfter];
  const watchdog = spawn('/bin/sh', words, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  const input = watchdog.stdin as typeof watchdog.stdin & { unref(): void };
  input.on('error', () => undefined); // somebody killed the watchdog
  input.unref();
  watchdog.unref();
  return () => {
    input.end('\n');
  };
}
