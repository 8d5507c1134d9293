import { businessDate } from '../../src/platform/clock/index.js';
import { carriedOut, sendFile } from '../api/world.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';

const BENEFITS = '/care-api/benefits/v1';
const ROUTING = '/care-api/routing/v1';
const TICKET = '/tmf-api/troubleTicket/v4/troubleTicket';
const TIERING = '/care-api/tiering/v1';
const HOUR = 3_600_000;
const KNOWN_SINCE = '2026-01-01T01:00:00+08:00';
const ISSUED = '2026-01-02T01:00:00+08:00';

/** With ten years in the network: growth values of 4,500 + 300, 1,300 + 300 and 300 + 300. */
const PEOPLE = [
  { level: 'DIAMOND', msisdn: '13912360001', spendFen: 450_000 },
  { level: 'SILVER', msisdn: '13912360002', spendFen: 130_000 },
  { level: 'ORDINARY', msisdn: '13912360003', spendFen: 30_000 },
] as const;
type Level = (typeof PEOPLE)[number]['level'];

describe('[TIER-08] graded service: a diamond, a silver and an ordinary customer', () => {
  let application: TestApplication;
  let pbx: Credentials;
  let supervisor: Credentials;
  let customers: Readonly<Record<Level, string>>;

  const as = async (who: Credentials, method: string, url: string, payload?: object): Promise<Answer> =>
    application.call({ method, url, headers: { ...who }, ...(payload && { payload }) });
  const entitlements = async (level: Level): Promise<Record<string, { granted: number; used: number }>> => {
    const { body } = await as(supervisor, 'GET', `${BENEFITS}/customer/${customers[level]}/entitlement`);
    return Object.fromEntries(body.map((each: { benefit: string }) => [each.benefit, each]));
  };
  const use = (level: Level, units: number): Promise<Answer> =>
    as(supervisor, 'POST', `${BENEFITS}/customer/${customers[level]}/use`, {
      benefit: 'AIRPORT_LOUNGE',
      units,
      channel: 'PARTNER',
      place: 'CAN-T2-01',
    });

  beforeAll(async () => {
    application = await startTestApplication();
    const boss = await application.system('boss', 'BOSS');
    pbx = await application.system('pbx');
    supervisor = await application.staff('supervisor');
    const fee = PEOPLE.reduce((sum, { spendFen }) => sum + spendFen, 0);
    for (const parts of [
      { kind: 'SUB' as const, date: '20260101', lines: PEOPLE.map(subscriptionOf), totals: { first: KNOWN_SINCE, last: KNOWN_SINCE } },
      { kind: 'BIL' as const, date: '20260102', lines: PEOPLE.map(billOf), totals: { fee, first: ISSUED, last: ISSUED } },
    ]) {
      const { name, text } = fileText(parts);
      expect((await application.call(sendFile(name, text, boss))).body).toMatchObject({ state: 'OK' });
    } // prettier-ignore
    const done = (request: Parameters<TestApplication['call']>[0]): Promise<Answer> =>
      application.call({ ...request, headers: { ...application.administrator, ...request.headers } });
    await carriedOut({ done }, { kind: 'tiering.review', asOf: '2026-02-01' });
    const { body } = await done({ url: '/tmf-api/customerManagement/v4/customer?limit=10' });
    const idOf = (level: Level): string =>
      body.find(({ account }: { account: { id: string }[] }) => account[0]?.id === `A-${level}`).id;
    customers = { DIAMOND: idOf('DIAMOND'), SILVER: idOf('SILVER'), ORDINARY: idOf('ORDINARY') };
  }, 120_000);
  afterAll(() => application?.close());

  it('are what they are called', async () => {
    for (const { level } of PEOPLE) {
      const { body } = await as(supervisor, 'GET', `${TIERING}/customerTier/${customers[level]}`);
      expect(body).toMatchObject({ tier: level });
    }
  });

  it.each([
    ['DIAMOND', 2, 24, 'High'],
    ['SILVER', 8, 48, 'Medium'],
    ['ORDINARY', 24, 72, 'Low'],
  ] as const)('hears of a complaint (%s) within %d hours and has it solved within %d', async (level, answer, solve, priority) => {
    const { body: ticket } = await as(supervisor, 'POST', TICKET, {
      description: 'No signal at home',
      severity: 'Minor',
      ticketType: 'complaint',
      relatedParty: [{ id: customers[level], role: 'customer' }],
    });
    expect((Date.parse(ticket.expectedResolutionDate) - Date.parse(ticket.creationDate)) / HOUR).toBe(solve);
    expect(ticket.priority).toBe(priority);
    const [due] = await application.database.query<{ hours: number }>(
      `SELECT first_answer_target_seconds / 3600 AS hours FROM tickets.ticket WHERE ticket_id = $1`,
      [ticket.id],
    );
    expect(due).toEqual({ hours: answer });
  }); // prettier-ignore

  it('are served at the hotline by level, whoever called first, and VIP seats are for the two', async () => {
    const contact: Record<string, string> = {};
    for (const { level, msisdn } of PEOPLE.toReversed()) {
      const call = { externalCallId: `of ${level}`, dialledCode: '10086', callerId: msisdn };
      const { body } = await as(pbx, 'POST', `${ROUTING}/contact`, call);
      expect(body).toMatchObject({ tier: level, state: 'queued' });
      contact[level] = body.id;
    }
    const of = async (level: Level, what: 'position' | 'decision'): Promise<Answer['body']> =>
      (await as(pbx, 'GET', `${ROUTING}/contact/${contact[level]}/${what}`)).body;
    const places = await Promise.all(PEOPLE.map(async ({ level }) => (await of(level, 'position')).position));
    expect(places).toEqual([1, 2, 3]);

    const seat = async (nth: number): Promise<void> => {
      const vipSeat = { kind: 'vip_seat', pool: 'hotline', endpoint: `PJSIP/${nth}` };
      const { body } = await as(supervisor, 'POST', `${ROUTING}/agent`, vipSeat);
      await as(supervisor, 'PUT', `${ROUTING}/agent/${body.id}/state`, { state: 'available' });
    };
    for (const [nth, level] of (['DIAMOND', 'SILVER'] as const).entries()) {
      await seat(nth);
      const offered = await eventually(async () => {
        const { body } = await as(pbx, 'GET', `${ROUTING}/contact/${contact[level]}`);
        return body.reservation?.state === 'pending' && body;
      });
      await as(pbx, 'POST', `${ROUTING}/reservation/${offered.reservation.id}/accept`);
      expect(await of(level, 'decision')).toMatchObject({ reason: 'vip-seat', rank: { DIAMOND: 5, SILVER: 2 }[level] });
    }
    await seat(2);
    const waits = await eventually(async () => {
      const decision = await of('ORDINARY', 'decision');
      return decision.reason === 'no-idle-agent-fits' && decision;
    });
    expect(waits).toMatchObject({ rank: 0, candidates: [{ verdict: 'vip-only' }] });
    expect(await of('ORDINARY', 'position')).toMatchObject({ state: 'queued', position: 1 });
  });

  it('have 24, 2 and no visits of an airport lounge a year, and not one more', async () => {
    const granted = (level: Level) =>
      eventually(async () => {
        const { AIRPORT_LOUNGE, SIM_BACKUP } = await entitlements(level);
        return AIRPORT_LOUNGE && [AIRPORT_LOUNGE.granted, SIM_BACKUP?.granted];
      });
    expect(await granted('DIAMOND')).toEqual([24, 4]);
    expect(await granted('SILVER')).toEqual([2, 2]);
    expect(await entitlements('ORDINARY')).toEqual({});
    expect((await use('DIAMOND', 3)).status).toBe(201);
    expect((await use('SILVER', 3)).body).toMatchObject({ code: 'benefits.quota-used-up', detail: { granted: 2 } });
    expect((await use('ORDINARY', 1)).body).toMatchObject({ code: 'benefits.quota-used-up', detail: { granted: 0 } });
  });

  it('[TIER-06] rises from silver to gold: told once, granted anew pro rata, served as gold from then on', async () => {
    expect((await use('SILVER', 2)).status).toBe(201);
    const { body: asked } = await as(supervisor, 'POST', `${TIERING}/levelException`, {
      customerId: customers.SILVER,
      tier: 'GOLD',
      mode: 'at-least',
      category: 'contract',
      validUntil: businessDate(new Date(Date.now() + 90 * 24 * HOUR)),
      reason: 'A contract of the group',
    });
    const approved = await as(await application.staff('supervisor'), 'POST', `${asked.approvalHref}/approve`, {});
    expect(approved.status).toBe(200);

    const monthsGone = (Number(businessDate(new Date()).slice(5, 7)) + 10) % 12; // since February
    const lounge = await eventually(async () => {
      const { AIRPORT_LOUNGE } = await entitlements('SILVER');
      return AIRPORT_LOUNGE && AIRPORT_LOUNGE.granted !== 2 && AIRPORT_LOUNGE;
    });
    expect(lounge).toMatchObject({
      level: 'GOLD',
      granted: Math.ceil((monthsGone * 2 + (12 - monthsGone) * 6) / 12),
      used: 2,
    });
    const events = await application.database.query<{ payload: { decisionId: string } }>(
      `SELECT payload FROM platform.outbox WHERE name = 'tiering.TierChanged' AND customer_id = $1 AND payload->>'to' = 'GOLD'`,
      [customers.SILVER],
    );
    expect(events).toHaveLength(1);
    expect(lounge).toMatchObject({ decisionId: events[0]?.payload.decisionId });
    const { body: ticket } = await as(supervisor, 'POST', TICKET, {
      description: 'No signal at home',
      severity: 'Minor',
      ticketType: 'complaint',
      relatedParty: [{ id: customers.SILVER, role: 'customer' }],
    });
    expect((Date.parse(ticket.expectedResolutionDate) - Date.parse(ticket.creationDate)) / HOUR).toBe(36);
  });
});

function subscriptionOf({ level, msisdn }: (typeof PEOPLE)[number], nth: number): string {
  return [
    ...['D', `S-${level}`, KNOWN_SINCE, `A-${level}`, msisdn, '欧阳小明', 'ID_CARD', `4401011980010112${nth}X`],
    ...['1980-01-01', 'GOTONE', '440000', '440100', '2015-05-01', 'ACTIVE', '2015-05-01T10:00:00+08:00', 'GT59', '5900'],
    ...['MAIN', '', '1', 'A', 'NEW', '1'],
  ].join('|');
} // prettier-ignore

function billOf({ level, msisdn, spendFen: fen }: (typeof PEOPLE)[number]): string {
  return [
    ...['D', `B-${level}`, `A-${level}`, msisdn, '202512', fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, fen, fen, 0, '2026-01-20', ISSUED, 1, ''],
  ].join('|');
} // prettier-ignore
