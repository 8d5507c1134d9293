import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import type { Answer, Request } from '../support/http.js';
import { fileText, type FileParts } from '../modules/usage/support/boss-file.js';

/** What must appear in no answer: it is sent by BOSS and by those who call. */
export const NUMBERS = {
  rich: '13912340001',
  poor: '13912340002',
  suspended: '13912340003',
  gone: '13912340004',
} as const;
const ID_NUMBER = '44010119800101123';
const NAMES = ['欧阳小明', '欧阳小红', '欧阳小刚', '欧阳小丽'];

type Person = keyof typeof NUMBERS;
const people = Object.keys(NUMBERS) as Person[];

/** Four customers as billing would bring them, and somebody of every kind who may ask. */
export interface World extends TestApplication {
  readonly boss: Credentials;
  readonly pbx: Credentials;
  /** A billing system of another source. */
  readonly stranger: Credentials;
  readonly viewer: Credentials;
  readonly agent: Credentials;
  readonly customers: Readonly<Record<Person, string>>;
  /** As the administrator, unless the request says otherwise. */
  ask(request: Request): Promise<Answer>;
  /** As the administrator; fails unless the answer is a success. */
  done(request: Request): Promise<Answer>;
}

export const INTAKE = '/care-api/intake/v1';
export const SECRETS: readonly string[] = [...Object.values(NUMBERS), ID_NUMBER, ...NAMES, '小明', '小红'];

/** `POST /file` with everything that a file needs. */
export function sendFile(name: string, body: string | Uint8Array, as: Credentials): Request {
  const isPacked = name.endsWith('.gz');
  return {
    method: 'POST',
    url: `${INTAKE}/file?name=${encodeURIComponent(name)}`,
    payload: typeof body === 'string' && isPacked ? new Uint8Array(gzipSync(body)) : body,
    headers: { ...as, 'content-type': isPacked ? 'application/gzip' : 'text/csv' },
  };
}

export async function startWorld(environment: NodeJS.ProcessEnv = {}): Promise<World> {
  const application = await startTestApplication(environment);
  return peopled(application).catch(async (error: unknown) => {
    await application.close(); // or its workers would keep the test alive
    throw error;
  });
}

async function peopled(application: TestApplication): Promise<World> {
  const ask = (request: Request): Promise<Answer> =>
    application.call({ ...request, headers: { ...application.administrator, ...request.headers } });
  const done = async (request: Request): Promise<Answer> => {
    const answer = await ask(request);
    if (answer.status >= 300) throw new Error(`${request.method ?? 'GET'} ${request.url}: ${answer.text}`);
    return answer;
  };
  const boss = await application.system('boss', 'BOSS');
  const bring = async (parts: FileParts): Promise<void> => {
    const { name, text } = fileText(parts);
    const { body } = await application.call(sendFile(name, text, boss));
    if (body.state !== 'OK') throw new Error(JSON.stringify(body));
  };
  await bring({ kind: 'SUB', date: '20260101', lines: people.map(subscriptionOf), totals: timesOf() });
  await bring({
    kind: 'BIL',
    date: '20260201',
    lines: [billOf('rich', 1_000_000), billOf('poor', 5_000), billOf('suspended', 1_000_000)],
    totals: { fee: 2_005_000, first: ISSUED, last: ISSUED },
  });
  const found = await done({ url: '/tmf-api/customerManagement/v4/customer?limit=100' });
  const idOf = (person: Person): string =>
    found.body.find(({ account }: { account: { id: string }[] }) => account[0]?.id === `A-${person}`)?.id;
  const world: World = {
    ...application,
    boss,
    ask,
    done,
    pbx: await application.system('pbx'),
    stranger: await application.system('boss', 'OTHER'),
    viewer: await application.staff('viewer'),
    agent: await application.staff('hotline-agent'),
    customers: { rich: idOf('rich'), poor: idOf('poor'), suspended: idOf('suspended'), gone: idOf('gone') },
  };
  await carriedOut(world, { kind: 'tiering.review', asOf: '2026-02-01' });
  await carriedOut(world, { kind: 'points.accrue', key: '2026-01', asOf: '2026-02-01' });
  await carriedOut(world, { kind: 'analytics.churn', asOf: '2026-02-01' });
  return world;
}

/** Starts a run by API and waits for its end. */
export async function carriedOut({ done }: Pick<World, 'done'>, payload: object): Promise<Answer> {
  let answer = await done({ method: 'POST', url: '/care-api/operations/v1/run', payload });
  while (['pending', 'running'].includes(answer.body.status)) {
    await sleep(50);
    answer = await done({ url: answer.body.href });
  }
  if (answer.body.status !== 'completed') throw new Error(answer.text);
  return answer;
}

const KNOWN_SINCE = '2026-01-01T01:00:00+08:00';
const ISSUED = '2026-02-01T01:00:00+08:00';
const timesOf = (): { first: string; last: string } => ({ first: KNOWN_SINCE, last: KNOWN_SINCE });

function subscriptionOf(person: Person, nth: number): string {
  const status = { rich: 'ACTIVE', poor: 'ACTIVE', suspended: 'SUSPENDED_TWO_WAY', gone: 'TERMINATED' }[person];
  return [
    ...['D', `S-${person}`, KNOWN_SINCE, `A-${person}`, NUMBERS[person], NAMES[nth], 'ID_CARD', `${ID_NUMBER}${nth}`],
    ...[
      '1980-01-01',
      'GOTONE',
      '440000',
      '440100',
      '2015-05-01',
      status,
      '2025-12-01T10:00:00+08:00',
      'GT128',
      '12800',
    ],
    ...['MAIN', '', '1', 'A', 'NEW', '1'],
  ].join('|');
}

export const billFields = (person: Person, fen: number): readonly (string | number)[] => [
  ...[
    `B-${person}`,
    `A-${person}`,
    NUMBERS[person],
    '202601',
    fen,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    fen,
    fen,
    0,
    '2026-02-20',
  ],
  ...[ISSUED, 1, ''],
];
const billOf = (person: Person, fen: number): string => ['D', ...billFields(person, fen)].join('|');
