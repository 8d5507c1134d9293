import { addressGroup, isAddressOrNetwork, isWithin } from './addresses.js';

describe('addresses that a system may come from', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.7'], true],
    ['::ffff:192.0.2.7', ['192.0.2.7'], true],
    ['10.1.255.1', ['192.0.2.7', '10.1.0.0/16'], true],
    ['10.2.0.1', ['10.1.0.0/16'], false],
    ['2001:db8:1::7', ['2001:db8::/32'], true],
    ['2001:db9::7', ['2001:db8::/32'], false],
    ['192.0.2.7', ['2001:db8::/32'], false],
    ['not an address', ['0.0.0.0/0', '::/0'], false],
  ])('%s within %j: %s', (address, networks, expected) => {
    expect(isWithin(address, networks)).toBe(expected);
  });

  it.each(['192.0.2.7', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::1'])('%s is one', (text) => {
    expect(isAddressOrNetwork(text)).toBe(true);
  });

  it.each([
    '',
    'boss.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::1/129',
    'fe80::1%eth0',
    '10.1',
  ])('“%s” is none', (text) => {
    expect(isAddressOrNetwork(text)).toBe(false);
  });
});

describe('addresses are counted', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
