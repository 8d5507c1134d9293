import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NUMBERS, startWorld, type World } from '../api/world.js';
import type { Credentials } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer, Request } from '../support/http.js';
import { blocksOf, readPage } from '../support/markdown.js';

const CODE = '/care-api/customers/v1/oneTimeCode';
const SESSION = '/care-api/customers/v1/customerSession';
const ME = '/care-api/customers/v1/me';
const REDEMPTION = '/care-api/points/v1/redemption';
const TICKETS = '/tmf-api/troubleTicket/v4/troubleTicket';

/** One evening of a customer at home, on a system without an SMS gateway, as whoever tries the product has it. */
describe('[SELF-02] the online hall (网上营业厅)', () => {
  let world: World;
  let dataDir: string;
  let own: string;
  let neighbour: string;
  let customer: Credentials;

  const as = (request: Request): Promise<Answer> =>
    world.call({ ...request, headers: { ...customer, ...request.headers } });
  const messages = async (): Promise<readonly string[]> =>
    (await readFile(join(dataDir, 'one-time-codes.log'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const codeFor = async (purpose: string): Promise<string> => {
    const before = (await messages()).length;
    const { status, text } = await world.call({
      method: 'POST',
      url: CODE,
      payload: { msisdn: NUMBERS.rich, purpose },
    });
    if (status !== 202) throw new Error(text);
    const message = await eventually(async () => (await messages())[before]);
    return /\d{6}(?=，)/.exec(message)?.[0] ?? '';
  };
  /** All that was done before was done so much earlier. */
  const later = async (minutes: number): Promise<void> => {
    await world.database.query(
      `UPDATE customers.customer_session SET proved_at = proved_at - make_interval(mins => $1)`,
      [minutes],
    );
    await world.database.query(
      `UPDATE customers.one_time_code SET requested_at = requested_at - make_interval(mins => $1)`,
      [minutes],
    );
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'online-hall-'));
    world = await startWorld({ GUIBIN_DATA_DIR: dataDir });
    own = world.customers.rich;
    neighbour = world.customers.poor;
  });
  afterAll(async () => {
    await world?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('lets a customer in who reads the code that was sent', async () => {
    const code = await codeFor('SIGN_IN');
    const [message] = await messages();
    expect(message).toContain(' +86139****0001 【贵宾】验证码');
    expect((await stat(join(dataDir, 'one-time-codes.log'))).mode & 0o777).toBe(0o600);
    const { status, body } = await world.call({
      method: 'POST',
      url: SESSION,
      payload: { msisdn: NUMBERS.rich, code },
    });
    expect(status).toBe(200);
    customer = { authorization: `Bearer ${body.accessToken}` };
  });

  it('shows level, points and what led to them, all of it the customer’s own', async () => {
    const { body } = await as({ url: ME });
    const links: { method: string; href: string }[] = body.link;
    const hrefs = links.filter(({ method, href }) => method === 'GET' && !href.includes('{')).map(({ href }) => href);
    expect(hrefs).toEqual(
      expect.arrayContaining([
        `/care-api/tiering/v1/customerTier/${own}`,
        `/care-api/tiering/v1/customerTier/${own}/explanation`,
        `/care-api/points/v1/account/${own}`,
        `/care-api/points/v1/account/${own}/entry`,
        '/tmf-api/usageManagement/v4/usage',
        TICKETS,
      ]),
    );
    for (const url of hrefs) {
      const answer = await as({ url });
      expect([url, answer.status]).toEqual([url, 200]);
      for (const other of Object.values(world.customers).filter((id) => id !== own)) {
        expect(answer.text).not.toContain(other);
      }
    }
    expect((await as({ url: `/care-api/points/v1/account/${own}` })).body.available).toBeGreaterThan(5000);
  });

  it('[AUD-01] tells who looked at the customer: in which role, where and when, but not who that was', async () => {
    await world.call({ url: `/tmf-api/customerManagement/v4/customer/${own}`, headers: world.agent });
    const { body, text } = await as({ url: `${ME}/access?action=customers.read` });
    expect(body[0]).toMatchObject({ actorKind: 'staff', actorRole: 'hotline-agent', unitName: expect.any(String) });
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  it('exchanges points while the sign-in is fresh; later with another code', async () => {
    const redeem = (points: number, headers: Record<string, string> = {}): Promise<Answer> =>
      as({
        method: 'POST',
        url: REDEMPTION,
        headers,
        payload: { customerId: own, points, channel: 'WEB', purpose: 'MOBILE_PRODUCT' },
      });
    expect((await redeem(500)).status).toBe(201);
    await later(11);
    expect((await redeem(500)).body.code).toBe('access.fresh-code-needed');
    const code = await codeFor('REDEEM');
    const key = { 'idempotency-key': 'this-evening' };
    const exchanged = await redeem(700, { ...key, 'one-time-code': code });
    expect([exchanged.status, exchanged.body.points]).toEqual([201, 700]);
    // The answer was lost on its way: the repetition needs no other code, and takes no other points.
    await later(11);
    const again = await redeem(700, { ...key, 'one-time-code': code });
    expect([again.status, again.body.id]).toEqual([201, exchanged.body.id]);
    expect((await redeem(700, { 'one-time-code': code })).body.code).toBe('access.fresh-code-needed');
    const entries = await as({ url: `/care-api/points/v1/account/${own}/entry?kind=REDEMPTION` });
    expect(entries.body.map(({ points }: { points: number }) => points)).toEqual([-700, -500]);
  });

  it('takes a complaint, and shows what became of it, but not what the staff tell each other', async () => {
    const opened = await as({
      method: 'POST',
      url: TICKETS,
      payload: {
        description: 'No signal at home since yesterday',
        severity: 'Minor',
        ticketType: 'complaint',
        relatedParty: [{ id: own, role: 'customer' }],
        note: [{ text: 'Please call after six' }],
      },
    });
    expect(opened.status).toBe(201);
    const neighbours = await world.done({
      method: 'POST',
      url: TICKETS,
      payload: {
        description: 'The neighbour’s',
        severity: 'Minor',
        ticketType: 'complaint',
        relatedParty: [{ id: neighbour, role: 'customer' }],
      },
    });
    await world.done({
      method: 'PATCH',
      url: opened.body.href,
      payload: { status: 'inProgress', note: [{ text: 'Complains often' }] },
    });
    const read = await as({ url: opened.body.href });
    expect(read.body.status).toBe('inProgress');
    expect(read.body.note.map(({ text }: { text: string }) => text)).toEqual(['Please call after six']);
    const list = await as({ url: TICKETS });
    expect(list.body.map(({ id }: { id: string }) => id)).toEqual([opened.body.id]);
    expect(list.text).not.toContain('Complains often');
    expect([
      (await as({ url: neighbours.body.href })).status,
      (await as({ method: 'PATCH', url: opened.body.href, payload: {} })).status,
    ]).toEqual([404, 403]);
  });

  it('has no neighbours: whatever names one is not there, and is written down', async () => {
    const before = await refusals();
    const inTheNameOf = { customerId: neighbour, points: 500, channel: 'WEB', purpose: 'GOODS' };
    const attempts: Request[] = [
      { url: `/tmf-api/customerManagement/v4/customer/${neighbour}` },
      { url: `/care-api/tiering/v1/customerTier/${neighbour}` },
      { url: `/care-api/tiering/v1/customerTier/${neighbour}/explanation` },
      { url: `/care-api/points/v1/account/${neighbour}` },
      { url: `/care-api/points/v1/account/${neighbour}/entry` },
      { url: `/care-api/points/v1/account/${neighbour}/expiry` },
      { method: 'POST', url: REDEMPTION, payload: inTheNameOf },
      {
        method: 'POST',
        url: TICKETS,
        payload: {
          description: 'x',
          severity: 'Minor',
          ticketType: 'complaint',
          relatedParty: [{ id: neighbour, role: 'customer' }],
        },
      },
    ];
    for (const attempt of attempts) expect([attempt.url, (await as(attempt)).status]).toEqual([attempt.url, 404]);
    expect((await refusals()) - before).toBe(attempts.length);
    const usage = await as({ url: `/tmf-api/usageManagement/v4/usage?relatedParty.id=${neighbour}` });
    expect([usage.status, usage.body]).toEqual([200, []]);
  });

  it('shows nobody anything of others that the role alone would permit', async () => {
    for (const url of [
      '/tmf-api/customerManagement/v4/customer',
      '/care-api/tiering/v1/distribution',
      '/care-api/tiering/v1/ruleSet',
    ]) {
      expect([url, (await as({ url })).body.code]).toEqual([url, 'access.not-for-customers']);
    }
  });

  it('is left with a token that is good for nothing', async () => {
    expect((await as({ method: 'DELETE', url: `${SESSION}/current` })).status).toBe(204);
    for (const url of [ME, `/care-api/points/v1/account/${own}`, TICKETS]) {
      expect([url, (await as({ url })).body.code]).toEqual([url, 'access.invalid-credentials']);
    }
  });

  describe('as its page tells it, pasted into one bash', () => {
    const blocks = blocksOf(readPage('docs/online-hall.md'));
    const missing = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
    // A reader's machine may lack them; where the page is guarded, it must not be passed over.
    const guarded = missing.length === 0 || process.env.CI === 'true' ? it : it.skip;

    guarded('prints what the page says', async () => {
      const script = blocks.map(({ language, text }) => (language === 'sh' ? text : '')).join('\n');
      const environment = { ...process.env, NODE_OPTIONS: '', API: world.address, NUMBER: NUMBERS.poor };
      const printed = await inBash(script, { ...environment, GUIBIN_DATA_DIR: dataDir });
      const told = blocks.map(({ language, text }) => (language === 'text' ? text : '')).join('');
      expect(printed).toBe(told);
    });
  });

  async function refusals(): Promise<number> {
    const [row] = await world.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM organization.access_register
       WHERE actor_kind = 'customer' AND actor_id = $1 AND result = 'refused' AND customer_ids = ARRAY[$2::uuid]`,
      [own, neighbour],
    );
    return row?.count ?? 0;
  }
});

/** What it prints, complaints included. */
async function inBash(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const bash = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [bash.stdout, bash.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await once(bash, 'close');
  return printed;
}
