/** The last eight letters or digits in two groups, whatever stands between the groups and before them. */
const TICKET = /(?:^|[^A-Z0-9])([A-Z0-9]{4})[\s\u2010-\u2015-]*([A-Z0-9]{4})[^A-Z0-9]*$/;

/**
 * The ticket code in what a person typed or a QR code holds: `k7rm 4xwa`, `K7RM4XWA`,
 * `https://example.com/orders/K7RM-4XWA`. Null: there is none in it.
 */
export function ticketCodeIn(text: string): string | null {
  const [, first, second] = TICKET.exec(text.normalize('NFKC').toUpperCase()) ?? [];
  return first === undefined || second === undefined ? null : `${first}-${second}`;
}
