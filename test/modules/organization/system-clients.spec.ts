import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { OrganizationFacade, OrganizationModule } from '../../../src/modules/organization/index.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import { UsageModule } from '../../../src/modules/usage/index.js';
import { Clock } from '../../../src/platform/clock/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { Runs } from '../../../src/platform/queues/index.js';
import { Nonces, sha256, signatureOf } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { pushFiles } from '../../../src/startup/push-files.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer, Call } from '../../support/http.js';
import { personalDataOfNewKeys, serve } from '../../support/serve.js';
import { sign, type SigningSystem } from '../../support/sign.js';
import { signIn } from '../../support/sign-in.js';
import { aUsage, usageFile } from '../usage/support/boss-file.js';

const KEYS = '/care-api/organization/v1/apiKey';
const FILES = '/care-api/intake/v1/file';
const BATCH = '/care-api/intake/v1/recordBatch';
const batch = (recordId: string) => ({ kind: 'USG', source: 'BOSS', records: [{ recordId }] });

const T0 = new Date('2026-02-01T09:00:00.000+08:00');
const HOUR = 3600;

describe('systems and their keys', () => {
  let db: TestDatabase;
  let personalData: PersonalData;
  const clock = new TestClock(T0);
  let app: NestFastifyApplication;
  let twin: NestFastifyApplication;
  let call: Call;
  let callTwin: Call;
  let authorization: string;

  const start = async (signedRequests: 'optional' | 'required' = 'optional') =>
    serve(await db.dataSource(entities), {
      imports: [EventsModule, OrganizationModule, CustomersModule, UsageModule],
      ground: [
        { provide: Clock, useValue: clock },
        { provide: PersonalData, useValue: personalData },
        { provide: Runs, useValue: {} }, // usage starts some; nobody asks for one here
      ],
      settings: { signedRequests },
    });

  beforeAll(async () => {
    db = await createTestDatabase();
    personalData = personalDataOfNewKeys();
    ({ app, call } = await start());
    ({ app: twin, call: callTwin } = await start('required'));
    const first = await app.get(OrganizationFacade).ensureFirstAdministrator();
    authorization = await signIn(call, { login: first?.login ?? '', password: first?.password ?? '' });
  });
  afterAll(async () => {
    await app.close();
    await twin.close();
    await db.drop();
  });
  beforeEach(() => clock.set(T0));

  const asAdministrator = (method: string, url: string, payload?: object): Promise<Answer> =>
    call({ method, url, payload, headers: { authorization } });
  let systems = 0;
  const aSystem = async (given: object = {}): Promise<SigningSystem> => {
    const { status, body } = await asAdministrator('POST', KEYS, {
      name: `BOSS ${++systems}`,
      role: 'boss',
      source: 'BOSS',
      ...given,
    });
    expect(status).toBe(201);
    return { id: body.id, key: body.key };
  };
  const withKey = (key: string, to = call): Promise<Answer> => to({ url: FILES, headers: { 'x-api-key': key } });
  const codeOf = ({ status, body }: Answer): string => `${status} ${body?.code ?? 'let in'}`;

  describe('a key', () => {
    it('lets its system in until it is revoked, and then is refused at once by that name', async () => {
      const system = await aSystem();
      expect(codeOf(await withKey(system.key))).toBe('200 let in');
      expect((await asAdministrator('DELETE', `${KEYS}/${system.id}`)).status).toBe(204);
      expect(codeOf(await withKey(system.key))).toBe('401 access.key-revoked');
      expect(codeOf(await call({ url: FILES, headers: sign(system, { url: FILES, at: clock.now() }) }))).toBe(
        '401 access.key-revoked',
      );
      expect(codeOf(await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, {}))).toBe(
        '409 organization.api-key-revoked',
      );
    });

    it('that nobody was given is refused', async () => {
      expect(codeOf(await withKey('gbk_never-issued'))).toBe('401 access.invalid-credentials');
    });

    it('is rotated without a moment in which neither works', async () => {
      const system = await aSystem();
      const rotated = await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, { overlapHours: 2 });
      expect(rotated.status).toBe(201);
      expect(rotated.body.secrets).toMatchObject([
        { state: 'live' },
        { state: 'live', expiresAt: new Date(T0.getTime() + 2 * HOUR * 1000).toISOString() },
      ]);
      const fresh = { id: system.id, key: rotated.body.key as string };
      clock.pass(2 * HOUR - 1);
      expect([codeOf(await withKey(system.key)), codeOf(await withKey(fresh.key))]).toEqual([
        '200 let in',
        '200 let in',
      ]);
      clock.pass(1);
      expect([codeOf(await withKey(system.key)), codeOf(await withKey(fresh.key))]).toEqual([
        '401 access.key-expired',
        '200 let in',
      ]);
      expect(codeOf(await call({ url: FILES, headers: sign(system, { url: FILES, at: clock.now() }) }))).toBe(
        '401 access.key-expired',
      );
    });

    it('that ended a month ago is not even opened any more', async () => {
      const system = await aSystem();
      await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, { overlapHours: 0 });
      const signed = (): Promise<Answer> =>
        call({ url: FILES, headers: sign(system, { url: FILES, at: clock.now() }) });
      clock.pass(30 * 24 * HOUR - 1);
      expect(codeOf(await signed())).toBe('401 access.key-expired');
      clock.pass(1);
      expect(codeOf(await signed())).toBe('401 access.signature-invalid');
    });

    it('has a day of overlap unless another is chosen, and 30 days at most', async () => {
      const system = await aSystem();
      const { body } = await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, {});
      expect(body.secrets[1].expiresAt).toBe(new Date(T0.getTime() + 24 * HOUR * 1000).toISOString());
      expect(codeOf(await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, { overlapHours: 721 }))).toBe(
        '400 request.invalid',
      );
      expect(codeOf(await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, { overlapHours: 720 }))).toBe(
        '409 organization.rotation-under-way',
      );
    });

    it('is rotated once, however many ask at once', async () => {
      const system = await aSystem();
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => asAdministrator('POST', `${KEYS}/${system.id}/rotation`, {})),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    });

    it('is in no answer but the one that made it, and in the database sealed', async () => {
      const system = await aSystem();
      expect((await asAdministrator('GET', `${KEYS}?id=${system.id}`)).text).not.toContain(system.key);
      const rows = await db.query<{ text: string }>(
        `SELECT row_to_json(s)::text || encode(s.sealed_key, 'escape') AS text FROM organization.client_secret s`,
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(system.key.slice(4));
    });

    it('leaves a trace of everything that is done to it', async () => {
      const system = await aSystem();
      await asAdministrator('PATCH', `${KEYS}/${system.id}`, { requestsPerMinute: 60 });
      await asAdministrator('POST', `${KEYS}/${system.id}/rotation`, {});
      await asAdministrator('DELETE', `${KEYS}/${system.id}`);
      const lines = await db.query<{ action: string; fields: readonly string[] | null }>(
        `SELECT action, changed_fields AS fields FROM organization.audit_entry WHERE object_id = $1 ORDER BY entry_id`,
        [system.id],
      );
      expect(lines.map(({ action }) => action)).toEqual([
        'organization.create-api-key',
        'organization.change-api-key',
        'organization.rotate-api-key',
        'organization.revoke-api-key',
      ]);
      expect([lines[1]?.fields, lines[2]?.fields]).toEqual([['requestsPerMinute'], ['secrets']]);
    });

    it('is looked after only by those with the permission for it', async () => {
      const system = await aSystem();
      expect(codeOf(await call({ url: KEYS, headers: { 'x-api-key': system.key } }))).toBe(
        '403 access.permission-missing',
      );
    });

    it('works only from the addresses that its system was given', async () => {
      const elsewhere = await aSystem({ addresses: ['192.0.2.0/24', '2001:db8::/32'] });
      expect(codeOf(await withKey(elsewhere.key))).toBe('403 access.address-not-allowed');
      expect(codeOf(await call({ url: FILES, headers: sign(elsewhere, { url: FILES, at: T0 }) }))).toBe(
        '403 access.address-not-allowed',
      );
      const here = await aSystem({ addresses: ['127.0.0.0/8'] });
      expect(codeOf(await withKey(here.key))).toBe('200 let in');
      const spoofed = { 'x-api-key': elsewhere.key, 'x-forwarded-for': '192.0.2.7' };
      expect(codeOf(await call({ url: FILES, headers: spoofed }))).toBe('403 access.address-not-allowed');
      const nonsense = await asAdministrator('PATCH', `${KEYS}/${here.id}`, { addresses: ['boss.example'] });
      expect(codeOf(nonsense)).toBe('400 organization.invalid-address');
    });

    it('alone does not suffice where its system must sign', async () => {
      const system = await aSystem();
      expect((await asAdministrator('PATCH', `${KEYS}/${system.id}`, { mustSign: true })).body.mustSign).toBe(true);
      expect(codeOf(await withKey(system.key))).toBe('401 access.signature-required');
      expect(codeOf(await call({ url: FILES, headers: sign(system, { url: FILES, at: T0 }) }))).toBe('200 let in');
    });

    it('alone does not suffice for anybody where GUIBIN_SIGNED_REQUESTS=required', async () => {
      const system = await aSystem();
      expect(codeOf(await withKey(system.key, callTwin))).toBe('401 access.signature-required');
      expect(codeOf(await callTwin({ url: FILES, headers: sign(system, { url: FILES, at: T0 }) }))).toBe('200 let in');
    });
  });

  describe('a signed request', () => {
    let system: SigningSystem;
    beforeAll(async () => {
      system = await aSystem();
    });
    const send = (headers: Readonly<Record<string, string>>, url = FILES): Promise<Answer> => call({ url, headers });
    const signed = (given: Partial<Parameters<typeof sign>[1]> = {}): Record<string, string> =>
      sign(system, { url: FILES, at: clock.now(), ...given });

    it('is let in, with a body and without', async () => {
      expect(codeOf(await send(signed()))).toBe('200 let in');
      const payload = batch('贵宾-1');
      const headers = signed({ method: 'POST', url: BATCH, payload });
      expect(codeOf(await call({ method: 'POST', url: BATCH, payload, headers }))).toBe('200 let in');
    });

    it('is let in without X-Content-SHA256 when its body is no file', async () => {
      const { 'x-content-sha256': _, ...headers } = signed();
      expect(codeOf(await send(headers))).toBe('200 let in');
    });

    it('is in time up to exactly 300 seconds, either way', async () => {
      const at = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);
      expect(codeOf(await send(signed({ at: at(-300) })))).toBe('200 let in');
      expect(codeOf(await send(signed({ at: at(300) })))).toBe('200 let in');
      expect(codeOf(await send(signed({ at: at(-301) })))).toBe('401 access.signature-late');
      expect(codeOf(await send(signed({ at: at(301) })))).toBe('401 access.signature-early');
      clock.set(new Date(T0.getTime() + 1));
      expect(codeOf(await send(signed({ at: at(-300) })))).toBe('401 access.signature-late');
    });

    it('comes once', async () => {
      const headers = signed();
      expect(codeOf(await send(headers))).toBe('200 let in');
      expect(codeOf(await send(headers))).toBe('401 access.signature-replayed');
      expect(codeOf(await callTwin({ url: FILES, headers }))).toBe('401 access.signature-replayed');
    });

    it('comes once when it is raced through two processes', async () => {
      const headers = signed();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? call : callTwin)({ url: FILES, headers })),
      );
      const codes = answers.map(codeOf).sort();
      expect(codes).toEqual(['200 let in', ...Array<string>(19).fill('401 access.signature-replayed')]);
    });

    it('of another system may have the same nonce, and a forged one uses none up', async () => {
      const nonce = '0123456789abcdef';
      const other = await aSystem();
      const forged = sign({ id: system.id, key: other.key }, { url: FILES, at: T0, nonce });
      expect(codeOf(await send(forged))).toBe('401 access.signature-invalid');
      expect(codeOf(await send(signed({ nonce })))).toBe('200 let in');
      expect(codeOf(await send(sign(other, { url: FILES, at: T0, nonce })))).toBe('200 let in');
    });

    it('is remembered as long as it could be used, and then forgotten', async () => {
      const nonce = 'f'.repeat(16);
      const early = signed({ nonce, at: new Date(T0.getTime() + 300_000) });
      expect(codeOf(await send(early))).toBe('200 let in');
      clock.pass(600);
      await app.get(Nonces).purge(clock.now());
      expect(codeOf(await send(early))).toBe('401 access.signature-replayed');
      clock.pass(301);
      await app.get(Nonces).purge(clock.now());
      expect(await db.query('SELECT FROM platform.request_nonce WHERE nonce = $1', [nonce])).toEqual([]);
      expect(codeOf(await send(early))).toBe('401 access.signature-late');
    });

    it.each<[string, string, Record<string, string>]>([
      ['query', `${FILES}?limit=1`, {}],
      ['order of the query', `${FILES}?offset=0&limit=2`, {}],
      ['path', '/care-api/organization/v1/unit?limit=2&offset=0', {}],
      ['way of writing an escape', `${FILES}?limit=%32&offset=0`, {}],
      ['timestamp', `${FILES}?limit=2&offset=0`, { 'x-timestamp': String(T0.getTime() / 1000 - 1) }],
      ['nonce', `${FILES}?limit=2&offset=0`, { 'x-nonce': 'another-nonce-of-mine' }],
      ['signature', `${FILES}?limit=2&offset=0`, { 'x-signature': `v1=${'0'.repeat(64)}` }],
    ])('with another %s is refused', async (_, url, headers) => {
      expect(codeOf(await send({ ...signed({ url: `${FILES}?limit=2&offset=0` }), ...headers }, url))).toBe(
        '401 access.signature-invalid',
      );
    });

    it('with another method is refused', async () => {
      const headers = signed({ method: 'GET', url: BATCH, payload: batch('a') });
      expect(codeOf(await call({ method: 'POST', url: BATCH, payload: batch('a'), headers }))).toBe(
        '401 access.signature-invalid',
      );
    });

    it.each([
      ['another', batch('b')],
      ['the same, written otherwise', JSON.stringify(batch('a'), null, 1)],
      ['no', undefined],
      ['not even UTF-8 as', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ])('with %s body is refused', async (_, payload) => {
      const headers = {
        ...signed({ method: 'POST', url: BATCH, payload: batch('a') }),
        'content-type': 'application/json',
      };
      const answer = await call({ method: 'POST', url: BATCH, payload, headers });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.code).toMatch(/^access\.signature-invalid$|^request\.malformed-json$/);
      const unannounced = { ...headers, 'x-content-sha256': '' };
      expect((await call({ method: 'POST', url: BATCH, payload, headers: unannounced })).body.code).toBe(
        answer.body.code,
      );
    });

    it.each<[string, Record<string, string>]>([
      ['X-Client-Id', { 'x-client-id': '' }],
      ['X-Client-Id', { 'x-client-id': 'BOSS' }],
      ['X-Timestamp', { 'x-timestamp': '' }],
      ['X-Timestamp', { 'x-timestamp': '2026-02-01T09:00:00+08:00' }],
      ['X-Timestamp', { 'x-timestamp': '1e9' }],
      ['X-Nonce', { 'x-nonce': '' }],
      ['X-Nonce', { 'x-nonce': 'short' }],
      ['X-Nonce', { 'x-nonce': 'n'.repeat(65) }],
      ['X-Nonce', { 'x-nonce': 'n'.repeat(9000) }],
      ['X-Nonce', { 'x-nonce': 'two words and more' }],
      ['X-Signature', { 'x-signature': 'v1=abc' }],
      ['X-Signature', { 'x-signature': `v2=${'0'.repeat(64)}` }],
      ['X-Signature', { 'x-signature': `v1=${'0'.repeat(65)}` }],
      ['X-Signature', { 'x-signature': `v1=${'A'.repeat(64)}` }],
    ])('with a bad %s is told so (%#)', async (field, headers) => {
      const answer = await send({ ...signed(), ...headers });
      expect([codeOf(answer), answer.body.detail.field]).toEqual(['401 access.signature-malformed', field]);
    });

    it('of an unknown system is refused', async () => {
      const unknown = '019a9d00-0000-7000-8000-00000000ffff';
      expect(codeOf(await send({ ...signed(), 'x-client-id': unknown }))).toBe('401 access.unknown-client');
    });

    it('that is refused is registered, with the reason and where it came from', async () => {
      const headers = { ...signed(), 'x-request-id': `refused-${randomBytes(4).toString('hex')}` };
      await send(headers);
      await send({ ...headers, 'x-request-id': `${headers['x-request-id']}-again` });
      const lines = await db.query(
        `SELECT refusal, result, client_address FROM organization.access_register WHERE starts_with(request_id, $1)`,
        [headers['x-request-id']],
      );
      expect(lines).toEqual([{ refusal: 'access.signature-replayed', result: 'refused', client_address: '127.0.0.1' }]);
    });

    it('is judged by its signature, whatever else was sent', async () => {
      const forged = { ...signed(), 'x-signature': `v1=${'0'.repeat(64)}` };
      expect(codeOf(await send({ ...forged, 'x-api-key': system.key }))).toBe('401 access.signature-invalid');
      expect(codeOf(await send({ ...forged, authorization }))).toBe('401 access.signature-invalid');
    });

    const raw = (lines: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(address).port), '127.0.0.1', () => {
          socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
        });
        let text = '';
        socket.setEncoding('latin1').on('data', (part: string) => (text += part));
        socket.on('end', () => resolve(text)).on('error', reject);
      });
    let address = '';
    const rawGet = async (target: string, headers: readonly string[]): Promise<string> => {
      address = await app.getUrl();
      return raw([`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers]);
    };

    it('has headers in any case, each of them once', async () => {
      const headers = Object.entries(signed());
      const shouted = headers.map(([name, value]) => `${name.toUpperCase()}: ${value}`);
      expect(await rawGet(FILES, shouted)).toMatch(/^HTTP\/1.1 200 /);
      for (const [name] of headers.filter(([name]) => name !== 'x-content-sha256')) {
        const fresh = Object.entries(signed());
        const twice = [...fresh, ...fresh.filter(([each]) => each === name)].map((pair) => pair.join(': '));
        expect(await rawGet(FILES, twice)).toMatch(/^HTTP\/1.1 401 [\s\S]*access.signature-malformed/);
      }
    });

    it('is over the bytes of the address as sent, escaped or not', async () => {
      const bytes = `${FILES}?name=${Buffer.from('贵').toString('latin1')}`;
      const escaped = `${FILES}?name=%E8%B4%B5`;
      for (const target of [escaped, escaped.toLowerCase(), bytes]) {
        const timestamp = String(clock.now().getTime() / 1000);
        const content = {
          method: 'GET',
          target,
          timestamp,
          nonce: randomBytes(16).toString('hex'),
          bodySha256: sha256(''),
        };
        const answer = await rawGet(target, [
          `X-Client-Id: ${system.id}`,
          `X-Timestamp: ${timestamp}`,
          `X-Nonce: ${content.nonce}`,
          `X-Signature: ${signatureOf(content, system.key)}`,
        ]);
        expect(answer).toMatch(/^HTTP\/1.1 (200|400) /);
        expect(answer).not.toContain('access.');
      }
    });
  });

  describe('a signed file', () => {
    let system: SigningSystem;
    let sequence = 0;
    beforeAll(async () => {
      system = await aSystem();
    });
    const aFile = (given: object = {}) => {
      sequence += 1;
      const { name, text } = usageFile([aUsage({ recordId: `F-${sequence}`, ...given })], { sequence });
      return { url: `${FILES}?name=${name}`, plain: Buffer.from(text), packed: gzipSync(text) };
    };
    const post = (url: string, payload: Buffer, headers: Record<string, string>): Promise<Answer> =>
      call({
        method: 'POST',
        url,
        payload: new Uint8Array(payload),
        headers: { 'content-type': 'application/gzip', ...headers },
      });
    const signedFor = (url: string, payload: Buffer, key = system): Record<string, string> =>
      sign(key, { method: 'POST', url, payload: new Uint8Array(payload), at: clock.now() });
    const loaded = async (): Promise<readonly object[]> =>
      db.query(`SELECT name, state FROM usage.intake_file ORDER BY name`);

    it('is loaded, packed or plain', async () => {
      for (const kind of ['packed', 'plain'] as const) {
        const file = aFile();
        const answer = await post(file.url, file[kind], signedFor(file.url, file[kind]));
        expect([answer.status, answer.body.state]).not.toContain(401);
        expect(answer.status).toBe(201);
      }
    });

    it('has said what its bytes will be', async () => {
      const file = aFile();
      const { 'x-content-sha256': _, ...unannounced } = signedFor(file.url, file.packed);
      const answer = await post(file.url, file.packed, unannounced);
      expect([codeOf(answer), answer.body.detail.field]).toEqual([
        '401 access.signature-malformed',
        'X-Content-SHA256',
      ]);
    });

    it.each(['packed', 'plain'] as const)('that is another one leaves nothing behind (%s)', async (kind) => {
      const before = await loaded();
      const file = aFile();
      const other = aFile({ feeFen: 1 });
      const answer = await post(file.url, other[kind], signedFor(file.url, file[kind]));
      expect(codeOf(answer)).toBe('401 access.content-differs');
      expect(await loaded()).toEqual(before);
      const announcedAnew = { ...signedFor(file.url, file[kind]), 'x-content-sha256': sha256(other[kind]) };
      expect(codeOf(await post(file.url, other[kind], announcedAnew))).toBe('401 access.signature-invalid');
      expect(codeOf(await post(file.url, file[kind], signedFor(file.url, file[kind])))).toBe('201 let in');
    });

    it('is not loaded before its last byte, though its gzip ended long before', async () => {
      const before = await loaded();
      const file = aFile();
      const longer = Buffer.concat([file.packed, Buffer.alloc(3_000_000)]);
      expect(codeOf(await post(file.url, longer, signedFor(file.url, file.packed)))).toBe('401 access.content-differs');
      expect(await loaded()).toEqual(before);
    });

    it.each([
      ['nonsense', Buffer.from('nonsense\n')],
      ['a damaged gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), randomBytes(300_000)])],
      ['much nonsense', Buffer.alloc(3_000_000, 'x\n')],
    ])('is not even refused as bad when somebody sends %s in its name', async (_, nonsense) => {
      const before = await loaded();
      const file = aFile();
      expect(codeOf(await post(file.url, nonsense, signedFor(file.url, file.packed)))).toBe(
        '401 access.content-differs',
      );
      expect(await loaded()).toEqual(before);
    });

    it('is what our own push sends, so that it works where every system must sign', async () => {
      const { name, text } = usageFile([aUsage({ recordId: 'F-push' })], { sequence: ++sequence });
      const directory = await mkdtemp(join(tmpdir(), 'guibin-push-'));
      try {
        await writeFile(join(directory, name), text);
        clock.set(new Date()); // the push signs by the clock of its machine
        const pushed = await pushFiles(
          { address: await twin.getUrl(), system: { apiKeyId: system.id, key: system.key } },
          [join(directory, name)],
          () => undefined,
        );
        expect(pushed).toMatchObject({ files: 1, received: 1 });
      } finally {
        await rm(directory, { recursive: true });
      }
    });

    it('is checked against what was announced by a system that only sent its key, too', async () => {
      const file = aFile();
      const headers = { 'x-api-key': system.key, 'x-content-sha256': sha256('something else') };
      expect(codeOf(await post(file.url, file.packed, headers))).toBe('401 access.content-differs');
    });
  });
});
