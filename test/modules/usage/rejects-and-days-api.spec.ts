import { setTimeout as sleep } from 'node:timers/promises';
import { aUsage, fileText, usageText, usageTotals } from './support/boss-file.js';
import type { Credentials } from '../../support/application.js';
import { NUMBERS, sendFile, startWorld, type World } from '../../api/world.js';

const INTAKE = '/care-api/intake/v1';
const AT = '2026-02-01T01:00:00+08:00';
const wrong = (recordId: string) =>
  usageText(aUsage({ recordId, msisdn: NUMBERS.rich, eventTime: AT })).replace('|ON_NET|', '|OFFNET_CU|');

describe('mending, reconciling and closing by API', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    const lines = [wrong('W-1'), wrong('W-2')];
    const file = fileText({
      date: '20260201',
      lines,
      totals: { ...usageTotals(lines.map(() => aUsage({ eventTime: AT }))) },
    });
    const { body } = await world.call(sendFile(file.name, file.text, world.boss));
    expect(body).toMatchObject({ state: 'PARTIAL', counts: { rejected: 2 } });
  });
  afterAll(() => world?.close());

  const ask = (method: string, url: string, payload?: object, headers: Credentials = {}) =>
    world.ask({ method, url, ...(payload && { payload }), headers });
  const rejectOf = async (recordId: string) => (await ask('GET', `${INTAKE}/reject?recordId=${recordId}`)).body[0];

  it('[promise 14] shows what was refused without a word of the customer', async () => {
    const { body, text, headers } = await ask('GET', `${INTAKE}/reject?code=E_FORMAT`);
    expect(headers['x-total-count']).toBe('2');
    expect(body[0]).toMatchObject({
      '@type': 'Reject', source: 'BOSS', kind: 'USG', code: 'E_FORMAT', field: 'counterpartyClass', attempts: 1, state: 'OPEN',
    }); // prettier-ignore
    expect(text).not.toContain(NUMBERS.rich);
    expect((await ask('GET', body[0].href)).body).toEqual(body[0]);
  });

  it('[promise 14] shows the line to whoever may see the number, and registers whose it was', async () => {
    const { href, id } = await rejectOf('W-1');
    const { status, body, headers } = await ask('POST', `${href}/disclosure`, { purpose: 'service' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      line: wrong('W-1'),
      customerId: world.customers.rich,
      fields: { msisdn: NUMBERS.rich },
    });
    expect(headers['cache-control']).toBe('no-store');
    const looks = await world.database.query(
      `SELECT customer_ids, object_id FROM organization.access_register WHERE action = 'usage.reject-disclosure'`,
    );
    expect(looks).toEqual([{ customer_ids: [world.customers.rich], object_id: id }]);
    for (const who of [world.viewer, world.agent, world.boss]) {
      expect((await world.call({ method: 'POST', url: `${href}/disclosure`, payload: {}, headers: who })).status).toBe(
        403,
      );
    }
  });

  it('[promise 14] sends again what was mended, as a run with an outcome for each line', async () => {
    const started = await ask('POST', `${INTAKE}/rejectReplay`, {
      filter: { kind: 'USG', code: 'E_FORMAT', field: 'counterpartyClass' },
      fixes: [{ field: 'counterpartyClass', map: { OFFNET_CU: 'OFF_NET_CU' } }],
      reason: 'their new word for Unicom',
    });
    expect(started.status).toBe(201);
    let { body } = started;
    while (['pending', 'running'].includes(body.status)) {
      await sleep(50);
      ({ body } = await ask('GET', body.href));
    }
    expect(body).toMatchObject({ status: 'completed', percent: 100, counts: { chosen: 2, accepted: 2, rejected: 0 } });
    const outcomes = await ask('GET', `${INTAKE}/rejectReplayOutcome?rejectReplay.id=${body.id}`);
    expect(outcomes.body.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(await rejectOf('W-1')).toMatchObject({ state: 'REPLAYED', decision: 'their new word for Unicom' });
  });

  it('[promise 14] refuses to mend whose a record is, and what does not say of which kind', async () => {
    const replay = (filter: object, fixes: object[]) =>
      ask('POST', `${INTAKE}/rejectReplay`, { filter, fixes, reason: 'x' });
    expect((await replay({ kind: 'USG' }, [{ field: 'msisdn', value: NUMBERS.poor }])).status).toBe(400);
    expect((await replay({}, [{ field: 'feeFen', value: '1' }])).body.code).toBe('intake.fix');
    expect((await replay({ kind: 'USG' }, [{ field: 'feeFen', map: { a: 1 } }])).status).toBe(400);
  });

  it('[promise 17] closes a day that is not even by two people, neither of whom is the other', async () => {
    const day = { source: 'BOSS', kind: 'USG', province: '440000', businessDate: '2026-02-01' };
    const stated = { ...day, records: 3, feeFen: 60, minutes: 6, volumeKB: 0 };
    expect((await ask('POST', `${INTAKE}/statement`, stated)).body).toMatchObject({ theirs: { records: 3 } });
    const { body: sheet } = await ask('POST', `${INTAKE}/reconciliation`, day);
    expect(sheet).toMatchObject({
      id: 'BOSS-USG-440000-2026-02-01',
      state: 'OPEN',
      theirs: { records: 3 },
      ours: { records: 2 },
    });
    const close = () => ask('PATCH', sheet.href, { state: 'CLOSED', reason: 'one was a test of theirs' });
    expect((await close()).body.code).toBe('usage.differences-unexplained');
    const { body: differences } = await ask('GET', `${INTAKE}/reconciliationDifference?kind=USG&state=OPEN`);
    for (const { href } of differences) await ask('PATCH', href, { resolution: 'a test of theirs' });
    const { approvalId } = (await close()).body;
    const approve = (headers: Credentials) =>
      ask('POST', `/care-api/organization/v1/approval/${approvalId}/approve`, {}, headers);
    expect((await approve(world.administrator)).status).toBe(403);
    expect((await approve(await world.staff('administrator'))).status).toBe(200);
    expect((await ask('GET', sheet.href)).body).toMatchObject({ state: 'SIGNED_OFF', openDifferences: 3 });
  });

  it('[USG-10] shows how each feed stands', async () => {
    const { body } = await ask('GET', `${INTAKE}/syncStatus?source=BOSS`);
    expect(body).toContainEqual(
      expect.objectContaining({ '@type': 'SyncStatus', kind: 'USG', openDifferences: 3, openRejects: 0 }),
    );
  });
});
