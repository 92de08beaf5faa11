import { accessSync, constants, mkdirSync } from 'node:fs';

/**
 * Creates the data directory if it is missing. Others may pass through it, which the account that
 * PostgreSQL runs as needs; what is secret in it is closed itself.
 *
 * @throws Error in words for people if it cannot be used
 */
export function createDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(`cannot write to the data directory ${directory}; set DATA_DIR`, { cause });
  }
}
