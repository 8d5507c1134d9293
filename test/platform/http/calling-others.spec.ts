import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CallbackRefused, Outbound, type ResolvedAddress } from '../../../src/platform/http/outbound.js';

const at = (...addresses: readonly string[]): readonly ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('[API7] calling an address that somebody else gave us', () => {
  let server: Server;
  let port: number;
  let seen: {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingMessage['headers'];
    body: string;
  }[];
  let answer: (respond: import('node:http').ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    seen = [];
    answer = (response) => response.writeHead(204).end();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const foreign = new Outbound({ ownHosts: [], resolve: async () => at('93.184.215.14') });

  it.each([
    'http://example.com/hook',
    'ftp://example.com/hook',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    '//example.com/hook',
    'not an address',
    '',
    `https://example.com/${'x'.repeat(1000)}`,
    'https://user:secret@example.com/hook',
    'https://user@example.com/hook',
    'https://example.com:22/hook',
    'https://example.com:6379/',
    'https://example.com:80/',
  ])('refuses %s', (callback) => expect(() => foreign.checked(callback)).toThrow(CallbackRefused));

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.1', 'loopback, shortened'],
    ['2130706433', 'loopback, as one number'],
    ['0x7f000001', 'loopback, in hexadecimal'],
    ['0177.0.0.1', 'loopback, in octal'],
    ['127.0.0.1.', 'loopback, with a dot behind'],
    ['①②⑦.⓪.⓪.①', 'loopback, in circled digits'],
    ['%31%32%37.0.0.1', 'loopback, escaped'],
    ['0.0.0.0', 'this host'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'behind a carrier'],
    ['100.100.100.200', 'metadata of a cloud'],
    ['169.254.169.254', 'metadata of a cloud'],
    ['192.0.0.192', 'metadata of a cloud'],
    ['198.18.0.1', 'benchmarks'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['[::1]', 'loopback'],
    ['[::]', 'unspecified'],
    ['[::ffff:127.0.0.1]', 'loopback in IPv6'],
    ['[::ffff:7f00:1]', 'loopback in IPv6'],
    ['[::127.0.0.1]', 'loopback in IPv6, the old way'],
    ['[0:0:0:0:0:ffff:a00:1]', 'private in IPv6'],
    ['[64:ff9b::7f00:1]', 'loopback behind NAT64'],
    ['[2002:7f00:1::]', 'loopback behind 6to4'],
    ['[fe80::1]', 'link-local'],
    ['[fc00::1]', 'unique local'],
    ['[fd00:ec2::254]', 'metadata of a cloud'],
    ['[fec0::1]', 'site-local'],
    ['[ff02::1]', 'multicast'],
  ])('refuses https://%s (%s)', (host) => {
    expect(() => foreign.checked(`https://${host}/hook`)).toThrow(CallbackRefused);
  });

  it.each(['https://example.com/hook', 'https://example.com:8443/a?b=c', 'https://93.184.215.14/', 'https://[2606:4700::1111]/'])(
    'takes %s',
    (callback) => expect(foreign.checked(callback).href).toBe(callback),
  ); // prettier-ignore

  it.each([
    [['127.0.0.1']],
    [['10.1.2.3']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:10.0.0.1']],
    [['fe80::1%eth0']],
    [['93.184.215.14', '127.0.0.1']],
    [['127.0.0.1', '93.184.215.14']],
    [['no address']],
    [[]],
  ])('does not connect to a name that stands for %j', async (addresses) => {
    const outbound = new Outbound({ ownHosts: [], resolve: async () => at(...addresses) });
    await expect(outbound.post('https://rebound.example/hook', '{}')).rejects.toThrow(CallbackRefused);
  });

  it('asks for the address once per connection, and for each connection anew: a name that moves is found out', async () => {
    const answers = [at('127.0.0.1'), at('169.254.169.254'), at('127.0.0.1')];
    let asked = 0;
    const host = `moving.example:${port}`;
    const outbound = new Outbound({ ownHosts: [host], resolve: async () => answers[asked++] ?? [] });
    expect(await outbound.post(`http://${host}/hook`, '{}')).toBe(204);
    await expect(outbound.post(`http://${host}/hook`, '{}')).rejects.toThrow(CallbackRefused);
    expect(await outbound.post(`http://${host}/hook`, '{}')).toBe(204);
    expect([asked, seen.length]).toEqual([3, 2]);
  });

  it('calls hosts of our own in our own network, and no other beside them', async () => {
    const resolve = async () => at('127.0.0.1');
    const outbound = new Outbound({ ownHosts: [`Crm.internal:${port}`], resolve });
    const status = await outbound.post(`http://crm.internal:${port}/hook?a=1`, '{"a":"客户"}', { 'x-some': 'thing' });
    expect([status, seen]).toEqual([
      204,
      [{ method: 'POST', url: '/hook?a=1', body: '{"a":"客户"}', headers: expect.objectContaining({ 'x-some': 'thing', host: `crm.internal:${port}` }) }],
    ]); // prettier-ignore
    expect(() => outbound.checked(`http://crm.internal:${port + 1}/`)).toThrow(CallbackRefused);
    expect(() => outbound.checked(`http://xcrm.internal:${port}/`)).toThrow(CallbackRefused);
    expect(() => outbound.checked(`http://crm.internal.evil.example:${port}/`)).toThrow(CallbackRefused);
    expect(() => outbound.checked(`http://crm.internal@evil.example:${port}/`)).toThrow(CallbackRefused);
  });

  describe('at a host of our own', () => {
    const own = (timeoutMs?: number) =>
      new Outbound({
        ownHosts: ['own.example'],
        resolve: async () => at('127.0.0.1'),
        ...(timeoutMs && { timeoutMs }),
      });
    const post = (outbound = own()) => outbound.post(`http://own.example:${port}/hook`, '{}');

    it('follows no redirect', async () => {
      answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
      expect(await post()).toBe(307);
      expect(seen.map(({ url }) => url)).toEqual(['/hook']);
    });

    it('does not wait for ever', async () => {
      answer = () => undefined;
      await expect(post(own(200))).rejects.toThrow();
    });

    it('hangs up on an answer without end', async () => {
      const closed = new Promise((resolve) => {
        answer = (response) => {
          response.writeHead(200);
          const flood = setInterval(() => response.write(Buffer.alloc(16_384)), 1);
          response.on('close', () => resolve(clearInterval(flood)));
        };
      });
      expect(await post()).toBe(200);
      await closed;
    });
  });
});
