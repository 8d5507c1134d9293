import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { callTo, type Answer, type Request } from '../support/http.js';
import { Needles } from '../support/needles.js';
import { signIn } from '../support/sign-in.js';
import { StartedApplication } from '../support/started-application.js';
import { aUsage, fileText, usageFile } from '../modules/usage/support/boss-file.js';
import { exampleOf, operations, resolved, type Schema } from './document.js';
import { billLine, filesOf, known, subscriptionLine, type Known } from './provinces.js';
import { sendFile } from './world.js';

jest.setTimeout(300_000);

/** Customers; strangers are in records of BOSS that wait for their customer, and in calls of nobody. */
const CUSTOMERS = Array.from({ length: 1_000 }, (_, nth) => known(nth));
const STRANGERS = Array.from({ length: 50 }, (_, nth) => known(3_000 + nth));
const PLANTED = known(9_000);

const addTo = (needles: Needles, { msisdn, idNumber, name }: Known): void => {
  needles.addText('number', msisdn);
  needles.addText('number with +86', `+86${msisdn}`);
  needles.addText('ID number', idNumber);
  if (idNumber.endsWith('X')) needles.addText('ID number in small letters', idNumber.toLowerCase());
  needles.addText('name', name);
};

const needles = new Needles();
for (const each of [...CUSTOMERS, ...STRANGERS]) addTo(needles, each);
const planted = new Needles();
addTo(planted, PLANTED);

describe('of 1,000 known customers', () => {
  let dataDir: string;
  let application: StartedApplication;
  const answers: { readonly request: Request; readonly answer: Answer }[] = [];
  const secrets: string[] = [];
  let metrics = '';
  let processes: readonly string[] = [];
  let dump: Readonly<Record<string, Buffer>> = {};

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'guibin-leaks-'));
    await chmod(dataDir, 0o755);
    application = StartedApplication.start({
      GUIBIN_DATA_DIR: dataDir,
      GUIBIN_DEMO_CUSTOMERS: '0',
      LOG_LEVEL: 'debug',
      GUIBIN_REQUESTS_PER_MINUTE: '0',
    });
    const address = await application.ready();
    const password = (await application.says(/the password (\S+)/))[1] ?? '';
    const bare = callTo(address);
    const authorization = await signIn(bare, { login: 'admin', password });
    const call = async (request: Request): Promise<Answer> => {
      const answer = await bare({ ...request, headers: { authorization, ...request.headers } });
      answers.push({ request, answer });
      return answer;
    };
    await live(call);
    const issued = answers.flatMap(({ request, answer }) =>
      request.url.endsWith('/apiKey') && answer.status === 201 ? [answer.body.key as string] : [],
    );
    secrets.push(password, authorization.replace('Bearer ', ''), ...issued);
    const server = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    processes = [...(await processesBelow(application.child.pid ?? 0)), ...(await processesBelow(server))];
    metrics = (await call({ url: '/metrics' })).text;
    expect(await application.end('SIGTERM')).toBe(0);
    dump = await dumped(dataDir);
  });
  afterAll(async () => {
    await application?.end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('[AUD-03] everything was done that touches them', () => {
    const statuses = new Set(answers.map(({ answer }) => answer.status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 404]));
    expect(answers.filter(({ answer }) => answer.status >= 500).map(({ answer }) => answer.text)).toEqual([]);
    expect(answers.filter(({ answer }) => answer.status >= 400).length).toBeGreaterThan(300);
  });

  it('[AUD-03] no answer shows a value in the clear, but the disclosure that was asked for', () => {
    const found = answers.flatMap(({ request, answer }) => {
      const isDisclosure = request.url.endsWith('/customerDisclosure') && answer.status === 200;
      const text = (isDisclosure ? '' : answer.text) + JSON.stringify(answer.headers);
      return needles.inText(text).map((each) => `${request.method ?? 'GET'} ${request.url}: ${each}`);
    });
    expect(found).toEqual([]);
    const disclosed = answers.filter(({ request }) => request.url.endsWith('/customerDisclosure'));
    expect(disclosed.some(({ answer }) => needles.inText(answer.text).length > 0)).toBe(true);
  });

  it('[AUD-03] the log of the application, at its most talkative, shows none', () => {
    expect(application.said.split('\n').length).toBeGreaterThan(20);
    expect(needles.inText(application.said)).toEqual([]);
    expect(planted.inText(`${application.said} ${PLANTED.name}`)).toHaveLength(1);
  });

  it('[AUD-05] and neither log, table nor file holds a password, a token or a key of an API', async () => {
    const credentials = new Needles();
    for (const [nth, secret] of secrets.entries()) credentials.add(`credential ${nth}`, Buffer.from(secret));
    expect(secrets.length).toBeGreaterThan(3);
    // The first start says the password once, to whoever sits there.
    const log = application.said.replace(/the password \S+/, '');
    const inTables = Object.values(dump).flatMap((rows) => credentials.in(rows));
    expect([...credentials.inText(log), ...inTables]).toEqual([]);
    const files = [];
    for (const path of await filesBelow(dataDir)) files.push(...(await credentials.inFile(path)));
    expect(files).toEqual([]);
  });

  it('[AUD-03] neither the metrics nor the arguments and environment of its processes show any', () => {
    expect(processes.length).toBeGreaterThan(3);
    expect(needles.inText(metrics + processes.join('\n'))).toEqual([]);
  });

  it('[AUD-03] no row of any table in any schema shows one, the queues and the statistics included', () => {
    expect(Object.keys(dump)).toEqual(
      expect.arrayContaining([
        'customers.customer',
        'platform.idempotency_key',
        'usage.rejected_record',
        'pg_catalog.pg_statistic',
      ]),
    );
    expect(Object.keys(dump).some((name) => /bull|job/.test(name))).toBe(true);
    const found = Object.entries(dump).flatMap(([table, rows]) => needles.in(rows).map((each) => `${table}: ${each}`));
    expect(found).toEqual([]);
  });

  it('[AUD-03] no file of the data directory holds one: neither the tables as they lie, nor their log, nor the server’s', async () => {
    const files = await filesBelow(dataDir);
    expect(files.some((path) => path.includes('pg_wal/0000'))).toBe(true);
    const found = [];
    for (const path of files) found.push(...(await needles.inFile(path)));
    expect(found).toEqual([]);
  });

  it('and had one been left anywhere, it would have been found', async () => {
    const server = await startEmbeddedPostgres({ dataDir, say: () => undefined });
    const { msisdn, idNumber, name } = PLANTED;
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const [queue] = Object.keys(dump).filter((table) => /^bull\w*\./.test(table) || table.includes('job'));
    expect(queue).toBeDefined();
    await client.query('CREATE TABLE planted AS SELECT $1::text AS plain', [msisdn]);
    await client.query(`DO $$ BEGIN RAISE WARNING '${idNumber}'; END $$`);
    await client.query('CREATE TABLE planted_bytes AS SELECT $1::bytea AS bytes', [Buffer.from(name)]);
    await client.query('CHECKPOINT');
    await client.end();
    await server.stop();
    const again = await dumped(dataDir);
    expect(Object.entries(again).flatMap(([table, rows]) => planted.in(rows).map(() => table))).toEqual(
      expect.arrayContaining(['public.planted', 'public.planted_bytes']),
    );
    await writeFile(join(dataDir, 'left-behind.txt'), `x${Buffer.from(name).toString('base64')}`);
    const found: string[] = [];
    for (const path of await filesBelow(dataDir)) found.push(...(await planted.inFile(path)));
    const places = ['pg_wal/', 'base/', 'log', 'left-behind.txt'];
    for (const place of places)
      expect([place, found.filter((each) => each.includes(place)).length]).not.toEqual([place, 0]);
    const child = spawn('sleep', ['60'], { env: { ...process.env, PHONE: msisdn } });
    await once(child, 'spawn');
    expect(planted.inText((await processesBelow(process.pid)).join('\n'))).not.toEqual([]);
    child.kill();
  });
});

/** Everything that a day brings: files, records, reads, calls, tickets, and mistakes with a customer's data in them. */
async function live(call: (request: Request) => Promise<Answer>): Promise<void> {
  const done = async (request: Request): Promise<Answer> => {
    const answer = await call(request);
    if (answer.status >= 300) throw new Error(`${request.method ?? 'GET'} ${request.url}: ${answer.text}`);
    return answer;
  };
  const key = async (role: string, source?: string): Promise<Record<string, string>> => {
    const payload = { name: `${role} of the leak test`, role, ...(source && { source }) };
    const { body } = await done({ method: 'POST', url: '/care-api/organization/v1/apiKey', payload });
    return { 'x-api-key': body.key, authorization: '' };
  };
  const boss = await key('boss', 'BOSS');
  const pbx = await key('pbx');

  for (let at = 0, sequence = 1; at < CUSTOMERS.length; at += 250, sequence += 1) {
    for (const parts of filesOf(CUSTOMERS.slice(at, at + 250), 'BOSS', sequence)) {
      const { name, text } = fileText(parts);
      await done(sendFile(sequence % 2 === 0 ? name.replace('.gz', '') : name, text, boss));
    }
  }
  await badFiles(call, boss);

  const msisdns = CUSTOMERS.map(({ msisdn }) => msisdn);
  const usage = (msisdn: string, nth: number, changes: object = {}): object => ({
    ...aUsage({
      recordId: `L-${nth}`,
      msisdn,
      eventTime: new Date(Date.now() - 3_600_000).toISOString().replace('Z', '+00:00'),
    }),
    ...changes,
  });
  const records = [
    ...msisdns.slice(0, 100).map((msisdn, nth) => usage(msisdn, nth)),
    ...msisdns.slice(100, 150).map((msisdn, nth) => usage(msisdn, 200 + nth, { eventType: msisdn })),
    ...msisdns.slice(150, 200).map((msisdn, nth) => usage(msisdn, 300 + nth, { recordId: `${msisdn}|` })),
    ...STRANGERS.map(({ msisdn }, nth) => usage(msisdn, 400 + nth)),
  ];
  const batch = { method: 'POST', url: '/care-api/intake/v1/recordBatch', headers: boss };
  await call({ ...batch, payload: { kind: 'USG', source: 'BOSS', records } });
  const bills = STRANGERS.map((each) => ({
    billNo: `B-${each.account}`,
    accountNo: each.account,
    msisdn: each.msisdn,
    payableFen: each.name,
  }));
  await call({ ...batch, payload: { kind: 'BIL', source: 'BOSS', records: bills } });

  const customer = '/tmf-api/customerManagement/v4/customer';
  const ids: string[] = [];
  for (const { msisdn } of CUSTOMERS.slice(0, 200)) {
    const forms = [msisdn, `+86${msisdn}`, `86 ${msisdn.slice(0, 3)}-${msisdn.slice(3)}`];
    const search = (form: string): Promise<Answer> =>
      call({ method: 'POST', url: '/care-api/customers/v1/customerSearch', payload: { msisdn: form } });
    for (const { body } of await Promise.all(forms.map(search))) if (body?.[0]?.id) ids.push(body[0].id);
  }
  const seen = [...new Set(ids)];
  if (seen.length < 190) throw new Error(`Of 200 customers ${seen.length} were found`);
  for (const id of seen.slice(0, 50)) {
    await done({ url: `${customer}/${id}` });
    const payload = { customerId: id, purpose: 'service' };
    await done({ method: 'POST', url: '/care-api/customers/v1/customerDisclosure', payload });
  }
  await done({ url: `${customer}?limit=1000` });
  for (const [nth, id] of seen.slice(50, 70).entries()) {
    const { msisdn } = CUSTOMERS[nth] ?? PLANTED;
    const contactMedium = [{ mediumType: 'mobile', characteristic: { phoneNumber: msisdn } }];
    await call({ method: 'PATCH', url: `${customer}/${id}`, payload: { contactMedium } });
  }
  for (const [nth, { name, msisdn }] of STRANGERS.entries()) {
    const payload = { name, engagedParty: { name, '@referredType': 'Individual' } };
    await call({ method: 'POST', url: customer, payload, headers: { 'idempotency-key': `new-${nth}` } });
    const contact = {
      externalCallId: `call-${nth}`,
      dialledCode: '10086',
      callerId: nth % 2 === 0 ? msisdn : msisdns[nth],
    };
    await call({ method: 'POST', url: '/care-api/routing/v1/contact', payload: contact, headers: pbx });
  }
  for (const [nth, id] of seen.slice(0, 20).entries()) {
    const { msisdn, idNumber } = CUSTOMERS[nth] ?? PLANTED;
    const payload = {
      name: `Call ${msisdn}`,
      description: `No signal. Reach me at +86${msisdn}, my card is ${idNumber}`,
      severity: 'Major',
      ticketType: 'fault',
      relatedParty: [{ id, role: 'customer' }],
      note: [{ text: `He said ${idNumber}` }],
      'x-callback': { number: msisdn },
    };
    const troubleTicket = '/tmf-api/troubleTicket/v4/troubleTicket';
    const headers = { 'idempotency-key': `ticket-${nth}` };
    const { body } = await done({ method: 'POST', url: troubleTicket, payload, headers });
    const changes = { status: 'rejected', statusChangeReason: `${msisdn} is of no customer`, name: idNumber };
    await done({ method: 'PATCH', url: `${troubleTicket}/${body.id}`, payload: changes });
    await done({ url: `${troubleTicket}/${body.id}` });
  }
  await done({ url: '/tmf-api/troubleTicket/v4/troubleTicket?limit=100' });
  for (const kind of ['tiering.review', 'points.accrue', 'analytics.churn']) {
    await call({
      method: 'POST',
      url: '/care-api/operations/v1/run',
      payload: { kind, asOf: '2026-02-01', key: '2026-01' },
    });
  }
  await mistakes(call);
  await sleep(2_000); // What follows from all this is carried out.
}

/** Files in which everything is in the wrong place. */
async function badFiles(call: (request: Request) => Promise<Answer>, boss: Record<string, string>): Promise<void> {
  const since = '2026-01-01T01:00:00+08:00';
  const people = CUSTOMERS.slice(0, 40);
  const lines = people.map((each, nth) => {
    const fields = subscriptionLine(each).split('|');
    fields[1] = `S2-${each.account}`;
    fields[8 + (nth % 14)] = [each.msisdn, each.idNumber, each.name][nth % 3] ?? '';
    return fields.join('|');
  });
  const totals = { first: since, last: since };
  const files = [
    fileText({ kind: 'SUB', sequence: 20, date: '20260101', lines, totals }),
    fileText({ kind: 'SUB', sequence: 21, date: '20260101', lines, totals: { ...totals, count: 1 } }),
    fileText({
      kind: 'BIL',
      sequence: 20,
      date: '20260201',
      lines: people.map((each) => billLine(each, 1).replace('|1|', `|${each.name}|`)),
    }),
    usageFile(
      people.map(({ msisdn, idNumber }, nth) => aUsage({ recordId: `F-${nth}`, msisdn, eventType: idNumber })),
      { sequence: 20 },
    ),
  ];
  for (const { name, text } of files) await call(sendFile(name, text, boss));
  for (const { msisdn, name: person } of people.slice(0, 3)) {
    const { name, text } = fileText({ kind: 'SUB', sequence: 22, date: '20260101', lines, totals });
    await call(sendFile(name.replace('SUB', `SUB${msisdn}`), text, boss));
    await call(sendFile(name, `H|${person}|${msisdn}\n${text}`, boss));
    await call(sendFile(name, new Uint8Array([0x1f, 0x8b, ...Buffer.from(msisdn)]), boss));
  }
}

/** Every text of every body, every parameter and header with a value of a customer in it, in a request that must be refused. */
async function mistakes(call: (request: Request) => Promise<Answer>): Promise<void> {
  let nth = 0;
  const value = (): string => {
    const { msisdn, idNumber, name } = CUSTOMERS[nth++ % CUSTOMERS.length] ?? PLANTED;
    return [msisdn, idNumber, name, `+86${msisdn}`, idNumber.toLowerCase()][nth % 5] ?? msisdn;
  };
  for (const { method, path, operation } of operations) {
    const url = (): string => path.replace(/\{\w+\}/g, () => encodeURIComponent(value()));
    if (path.includes('{')) await call({ method, url: url(), ...(method !== 'GET' && { payload: {} }) });
    for (const { name, in: where } of operation.parameters ?? []) {
      if (where === 'query')
        await call({
          method: 'GET',
          url: `${path.replace(/\{\w+\}/g, 'x')}?${encodeURIComponent(name)}=${encodeURIComponent(value())}`,
        });
    }
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (!schema || path.endsWith('/session')) continue;
    const example = exampleOf(schema) as Record<string, unknown>;
    for (const field of textsOf(schema)) {
      const broken = {
        ...example,
        [field]: value(),
        [value()]: 1,
        ...Object.fromEntries(
          Object.keys(example)
            .filter((name) => name !== field)
            .map((name) => [name, { [value()]: value() }]),
        ),
      };
      const answer = await call({
        method,
        url: path.replace(/\{\w+\}/g, '0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a11'),
        payload: broken,
      });
      if (answer.status < 300 && Object.keys(example).length > 1)
        throw new Error(`${method} ${path} was to be refused`);
    }
    await call({
      method,
      url: path.replace(/\{\w+\}/g, 'x'),
      payload: `{"${value()}": ${value()}`,
      headers: { 'content-type': 'application/json' },
    });
  }
  for (const header of [
    'if-match',
    'idempotency-key',
    'accept',
    'user-agent',
    'referer',
    'cookie',
    'x-forwarded-for',
  ]) {
    await call({
      url: '/tmf-api/customerManagement/v4/customer?limit=0',
      headers: { [header]: encodeURIComponent(value()) },
    });
  }
  for (let times = 0; times < 6; times++) {
    const payload = { login: value().replaceAll('+', ''), password: value() };
    await call({ method: 'POST', url: '/care-api/organization/v1/session', payload });
  }
  await call({ url: `/${encodeURIComponent(value())}` });
  await call({ url: `/tmf-api/customerManagement/v4/customer?${encodeURIComponent(value())}=1` });
  await call({ method: 'DELETE', url: `/care-api/points/v1/redemption?msisdn=${value()}` });
}

const textsOf = (schema: Schema): readonly string[] => Object.keys(resolved(schema).properties ?? {});

/** Every table and materialised view, those of PostgreSQL itself too, as text. */
async function dumped(dataDir: string): Promise<Record<string, Buffer>> {
  const server = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    await client.query('ANALYZE');
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm')`,
    );
    const dump: Record<string, Buffer> = {};
    for (const { name } of rows) {
      const pieces: Buffer[] = [];
      for await (const piece of client.query(copyTo(`COPY (SELECT * FROM ${name}) TO STDOUT`)))
        pieces.push(piece as Buffer);
      dump[name] = Buffer.concat(pieces);
    }
    return dump;
  } finally {
    await client.end();
    await server.stop();
  }
}

/** All but the empty databases that PostgreSQL makes others from. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((path) => !/\/base\/[145]\//.test(path));
}

/** Arguments and environment of a process and of all that it started. */
async function processesBelow(root: number): Promise<readonly string[]> {
  const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  for (const pid of all) {
    parents.set(Number(pid), Number(/^PPid:\s+(\d+)/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0));
  }
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  const ours = all.map(Number).filter(isBelow);
  return Promise.all(
    ours.map(async (pid) => (await read(`/proc/${pid}/cmdline`)) + (await read(`/proc/${pid}/environ`))),
  );
}
