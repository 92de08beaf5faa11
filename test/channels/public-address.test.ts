import { expect, describe, it } from 'vitest';

import { isPublicAddress } from '../../src/channels/public-address.ts';

describe('isPublicAddress', () => {
  it.each([
    ['1.1.1.1', 'a public one'],
    ['203.0.114.1', 'a neighbour of the documentation network'],
    ['2606:4700::1111', 'a public one of IPv6'],
    ['::ffff:8.8.8.8', 'a public one in the clothes of IPv6'],
  ])('%s is: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['127.0.0.1', 'this machine'],
    ['127.255.255.254', 'this machine'],
    ['0.0.0.0', 'this machine'],
    ['::1', 'this machine'],
    ['::', 'this machine'],
    ['10.1.2.3', 'a private network'],
    ['172.16.0.1', 'a private network'],
    ['172.31.255.255', 'a private network'],
    ['192.168.1.1', 'a private network'],
    ['fd00::1', 'a private network'],
    ['fec0::1', 'a private network of old'],
    ['169.254.169.254', 'metadata of most clouds'],
    ['fd00:ec2::254', 'metadata of AWS'],
    ['100.100.100.200', 'metadata of Aliyun'],
    ['168.63.129.16', 'metadata of Azure'],
    ['192.0.0.192', 'metadata of Oracle'],
    ['fe80::1', 'a link'],
    ['fe80::1%eth0', 'a link'],
    ['100.64.0.1', 'a carrier'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['198.18.0.1', 'benchmarks'],
    ['224.0.0.1', 'many'],
    ['ff02::1', 'many'],
    ['255.255.255.255', 'all'],
    ['240.0.0.1', 'nobody'],
    ['::ffff:127.0.0.1', 'this machine, in the clothes of IPv6'],
    ['::ffff:a9fe:a9fe', 'metadata, in the clothes of IPv6'],
    ['::127.0.0.1', 'this machine, in old clothes of IPv6'],
    ['64:ff9b::a9fe:a9fe', 'metadata, through a translator'],
    ['64:ff9b:1::1', 'whatever a translator makes of it'],
    ['2002:7f00:1::', 'this machine, inside a tunnel'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'whatever is in the tunnel'],
    ['', 'nothing'],
    ['example.com', 'a name'],
    ['127.1', 'not how a resolver writes it'],
  ])('%s is not: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
