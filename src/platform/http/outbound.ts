import { lookup as systemLookup } from 'node:dns/promises';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Refusal } from '../errors/index.js';

/** An address that somebody else gave us and that we will not call. */
export class CallbackRefused extends Refusal {
  static readonly code = 'hub.callback-refused';
  static readonly kind = 'malformed';
  constructor(why: string) {
    super(CallbackRefused.code, CallbackRefused.kind, `The callback ${why}`, {
      field: 'callback',
      expected: 'https://host/path of a public address on port 443 or 8443, or of a host in GUIBIN_CALLBACK_HOSTS',
    });
  }
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

interface Options {
  /** Hosts of our own: they may be called without TLS, on any port and at private addresses. */
  readonly ownHosts: readonly string[];
  readonly resolve?: (host: string) => Promise<readonly ResolvedAddress[]>;
  readonly timeoutMs?: number;
}

const PORTS = ['', '443', '8443'];
const LONGEST_URL = 1000;
const LONGEST_ANSWER_BYTES = 65_536;
const OWN_RANGES = ['unicast', 'private', 'uniqueLocal', 'loopback'];
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Calls addresses that somebody else gave us (webhooks), and lets nobody use us to call what only we can reach (SSRF, OWASP API7):
 * names are resolved once, for the connection itself, so a name cannot point elsewhere after it was checked; redirects are not
 * followed; what is answered is not looked at, but for its status.
 */
export class Outbound {
  private readonly resolve: NonNullable<Options['resolve']>;
  private readonly ownHosts: ReadonlySet<string>;
  private readonly timeoutMs: number;

  constructor({ ownHosts, resolve, timeoutMs = 10_000 }: Options) {
    this.ownHosts = new Set(ownHosts.map((host) => host.toLowerCase()));
    this.resolve = resolve ?? ((host) => systemLookup(host, { all: true, verbatim: true }));
    this.timeoutMs = timeoutMs;
  }

  /** Everything that can be said of a callback without asking for its address. @throws CallbackRefused */
  checked(callback: string): URL {
    const url = callback.length <= LONGEST_URL && URL.canParse(callback) ? new URL(callback) : undefined;
    if (!url) throw new CallbackRefused('is no address');
    const isOurs = this.isOurs(url);
    if (url.protocol !== 'https:' && !(isOurs && url.protocol === 'http:')) throw new CallbackRefused('must be https');
    if (url.username !== '' || url.password !== '') throw new CallbackRefused('must not hold a password');
    if (!isOurs && !PORTS.includes(url.port)) throw new CallbackRefused('is at a port that is not called');
    // A connection to an address in digits asks nobody, so it must be looked at here.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !mayBeCalled(literal, isOurs))
      throw new CallbackRefused('is at an address that is not called');
    return url;
  }

  /** Posts JSON and returns the status of the answer. @throws CallbackRefused, or what the connection failed with */
  async post(callback: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const url = this.checked(callback);
    const options = {
      method: 'POST',
      agent: false, // A connection of its own, to an address that was looked at.
      lookup: this.lookupFor(this.isOurs(url)),
      signal: AbortSignal.timeout(this.timeoutMs),
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'http:' ? requestPlain : requestTls)(url, options, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > LONGEST_ANSWER_BYTES) response.destroy();
        });
        response.on('error', () => undefined); // The status is all we want.
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  private isOurs(url: URL): boolean {
    return this.ownHosts.has(url.hostname) || this.ownHosts.has(url.host);
  }

  private lookupFor(isOurs: boolean): LookupFunction {
    return (host, { all }, callback) => {
      this.resolve(host).then(
        (addresses) => {
          const [first] = addresses;
          // One bad address among good ones is a trick, too: whoever answers chooses which is tried first.
          if (!first || !addresses.every(({ address }) => mayBeCalled(address, isOurs))) {
            callback(new CallbackRefused('is at an address that is not called'), '');
          } else if (all) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error: Error) => callback(error, ''),
      );
    };
  }
}

/** Public addresses, and those of our own hosts in our own network. Never those of a machine's metadata (link-local). */
function mayBeCalled(address: string, isOurs: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address); // `::ffff:127.0.0.1` is 127.0.0.1.
  const range = ip.range();
  if (isOurs) return OWN_RANGES.includes(range);
  return range === 'unicast' && (ip.kind() === 'ipv4' || ip.match(GLOBAL_UNICAST));
}
