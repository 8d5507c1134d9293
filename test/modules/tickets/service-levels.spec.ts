import type { Credentials } from '../../support/application.js';
import { startWorld, type World } from '../../api/world.js';

const HOUR = 3600;
const within = (hours: number) => ({ firstAnswerSeconds: hours * HOUR, solveSeconds: hours * HOUR });
const LEVELS = ['DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST', 'ORDINARY'];

describe('[PLT-10] what a province promises on top of the operator', () => {
  let world: World;
  let author: Credentials;
  let approver: Credentials;

  beforeAll(async () => {
    world = await startWorld();
    author = await world.staffIn({ kind: 'province', code: '440000' }, 'rule-author');
    approver = await world.staffIn({ kind: 'province', code: '440000' }, 'rule-approver');
  }, 120_000);
  afterAll(() => world?.close());

  const proposal = (changes: object = {}) => ({
    region: '440000',
    effectiveFrom: new Date(Date.now() + HOUR * 1000).toISOString(),
    targets: Object.fromEntries(LEVELS.map((level) => [level, within(1)])),
    severityPercent: {},
    reason: 'Our branches answer within the hour',
    ...changes,
  });
  const propose = (payload: object, headers: Credentials = author) =>
    world.call({ method: 'POST', url: '/care-api/tickets/v1/serviceLevels', payload, headers });
  const solvedWithinHours = async (customerId: string): Promise<number> => {
    const { body } = await world.done({
      method: 'POST',
      url: '/tmf-api/troubleTicket/v4/troubleTicket',
      payload: {
        description: 'No signal',
        severity: 'Minor',
        ticketType: 'complaint',
        relatedParty: [{ id: customerId, role: 'customer' }],
      },
    });
    return (Date.parse(body.expectedResolutionDate) - Date.parse(body.creationDate)) / (HOUR * 1000);
  };

  it('holds for its customers once somebody else has approved it, and from its day on', async () => {
    const { status, body } = await propose(proposal());
    expect(status).toBe(202);
    const itself = await world.call({
      method: 'POST',
      url: `${body.approvalHref}/approve`,
      payload: {},
      headers: author,
    });
    expect(itself.status).toBe(403);
    expect(await solvedWithinHours(world.customers.rich)).toBe(24);
    const approved = await world.call({
      method: 'POST',
      url: `${body.approvalHref}/approve`,
      payload: {},
      headers: approver,
    });
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved', result: { version: 2 } } });
    expect(await solvedWithinHours(world.customers.rich)).toBe(24);
    await world.database.query('UPDATE tickets.service_level SET effective_from = now() WHERE version = 2');
    expect(await solvedWithinHours(world.customers.rich)).toBe(1);
    const { body: known } = await world.done({ url: '/care-api/tickets/v1/serviceLevels' });
    expect(known.map(({ id, region }: { id: string; region?: string }) => [id, region])).toEqual([
      ['2', '440000'],
      ['1', undefined],
    ]);
  });

  // prettier-ignore
  it.each([
    ['more time than the operator', { targets: { ...proposal().targets, DIAMOND: within(25) } }, 422, 'targets.DIAMOND.firstAnswerSeconds'],
    ['nothing to a level', { targets: { ...proposal().targets, DIAMOND: undefined } }, 422, 'targets.DIAMOND'],
    ['no whole seconds', { targets: { ...proposal().targets, GOLD: { firstAnswerSeconds: 0.5 } } }, 422, 'targets.GOLD.firstAnswerSeconds'],
    ['a share beyond all', { severityPercent: { minor: 120 } }, 422, 'severityPercent.minor'],
    ['yesterday', { effectiveFrom: '2026-01-01T00:00:00+08:00' }, 422, 'effectiveFrom'],
    ['another province', { region: '450000' }, 403, 'region'],
    ['the whole operator', { region: undefined }, 403, 'region'],
  ])('cannot promise %s', async (_, changes, status, field) => {
    const answer = await propose(proposal(changes));
    expect({ status: answer.status, field: answer.body.detail?.field }).toEqual({ status, field });
  });
});
