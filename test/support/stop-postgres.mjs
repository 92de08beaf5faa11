/** Runs once after all tests. */
export default async function stopPostgres() {
  await globalThis.stopTestPostgres?.();
}
