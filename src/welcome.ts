import type { Config } from './platform/config/config.ts';
import { tokenSecret } from './platform/signin/token-secret.ts';
import { signToken, type TokenScope } from './platform/signin/token.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** Roles to try the demo chain in. */
const DEMO_ROLES: readonly TokenScope[] = [
  { role: 'hq' },
  { role: 'staff', stores: ['SH-JINGAN'] },
  { role: 'customer', contact: 'cn039@example.com' },
];

/** Works without a token on the demo chain. */
export const FIRST_QUERY = `{
  store(code: "SH-JINGAN") { name timeZone address }
  health { status networkVersion }
}
`;

/** What a new user sees: where it is, what to ask first, and who they can be. */
export async function welcome(config: Config, url: string, hasDemo: boolean): Promise<string> {
  const address = url.replace('127.0.0.1', 'localhost').replace('[::1]', 'localhost');
  const first = `curl -s ${address}/graphql -H 'content-type: application/json' \\
    -d '{"query":"{ store(code: \\"SH-JINGAN\\") { name timeZone address } }"}'`;
  const lines = [`Welt answers at ${address}/graphql; to try queries, open ${address}/`];
  if (hasDemo) {
    lines.push(
      '',
      'A first query to paste:',
      `  ${first}`,
      '',
      'A token for each role, for a day:',
    );
    for (const scope of DEMO_ROLES) {
      const token = await signToken(tokenSecret(config), scope, DAY_SECONDS);
      lines.push(`  ${bearer(scope)}: ${token}`);
    }
  }
  return `\n${lines.join('\n')}\n\n`;
}

function bearer(scope: TokenScope): string {
  switch (scope.role) {
    case 'hq':
      return 'headquarters';
    case 'staff':
      return `staff of ${scope.stores.join(', ')}`;
    case 'customer':
      return `customer ${scope.contact}`;
  }
}
