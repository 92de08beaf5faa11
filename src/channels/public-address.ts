import ipaddr from 'ipaddr.js';

/**
 * Public by its range, and yet not a stranger's machine: answers every virtual machine of Azure with
 * what is meant for that machine alone.
 */
const NOT_A_STRANGER = new Set(['168.63.129.16']);

/** All of IPv6 that is assigned for use across the internet (RFC 4291, section 2.4). */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address is one of the open internet: not of this machine, of a private network, of a link
 * (where clouds put their metadata), of a carrier, nor one that carries another address inside, and not
 * set aside for any other purpose. An IPv4 address in IPv6's clothes counts as what it is.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const real = ipaddr.process(address);
  if (real.range() !== 'unicast' || NOT_A_STRANGER.has(real.toString())) return false;
  return real.kind() === 'ipv4' || real.match(GLOBAL_V6);
}
