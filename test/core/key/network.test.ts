import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/core/key/network.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0002::9', '2001:db8:0:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1:2:3:4', 'fe80:0:0:0::/64'],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is one for all addresses of a customer, and another for his neighbour', () => {
    const networks = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:3::1'].map(networkOf);
    expect(networks[0]).toBe(networks[1]);
    expect(networks[0]).not.toBe(networks[2]);
  });

  it.each([undefined, '', 'localhost', 'x'.repeat(1_000), 'a, b', '<script>', '2001:db8:1:2:3:4:5:6'.repeat(9)])('%s is the unknown one', (address) => {
    expect(networkOf(address)).toBe('unknown');
  });
});
