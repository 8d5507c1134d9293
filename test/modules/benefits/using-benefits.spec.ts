import { BenefitsModule } from '../../../src/modules/benefits/index.js';
import { newId } from '../../../src/platform/database/index.js';
import type { Answer } from '../../support/http.js';
import { serveModules } from '../../support/serve-modules.js';
import { benefitsWorld } from './benefits-world.js';

const BENEFITS = '/care-api/benefits/v1';
const TODAY = '2026-02-10';

describe('benefits', () => {
  let world: Awaited<ReturnType<typeof benefitsWorld>>;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    world = await benefitsWorld();
    world.on(TODAY);
    served = await serveModules(world.db, {
      modules: [BenefitsModule],
      permissions: ['benefits.read', 'benefits.use', 'benefits.manage'],
      now: world.clock.now(),
    });
  });
  afterAll(async () => {
    await served.close();
    await world.db.drop();
  });

  const aGoldCustomer = async (): Promise<string> => {
    const customerId = await world.aCustomer();
    await world.tell(await world.level(customerId, 'GOLD'));
    return customerId;
  };
  const post = (path: string, payload: object, key?: string): Promise<Answer> =>
    served.call({
      method: 'POST',
      url: `${BENEFITS}/${path}`,
      payload,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const get = async (path: string): Promise<Answer> => served.call({ url: `${BENEFITS}/${path}` });
  const use = (customerId: string, payload: object = {}, key?: string): Promise<Answer> =>
    post(`customer/${customerId}/use`, { benefit: 'SIM_BACKUP', channel: 'HALL', ...payload }, key);

  it('[ENT-02] are used three times of three, whoever of twenty is fastest', async () => {
    const customerId = await aGoldCustomer();
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(customerId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array.from({ length: 17 }, () => '422 benefits.quota-used-up'),
    );
    expect(refused[0]?.body.detail).toEqual({ granted: 3, used: 3, requested: 1 });
    expect(await world.of(customerId, 'SIM_BACKUP')).toMatchObject({ granted: 3, used: 3 });
    expect((await get(`customer/${customerId}/use`)).body).toHaveLength(3);
  });

  it('[ENT-02] are granted to the first of twenty who come before the first night of a level year', async () => {
    const customerId = await world.aCustomer();
    await world.level(customerId, 'GOLD');
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(customerId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await world.changes(customerId, 'SIM_BACKUP')).toHaveLength(1);
    expect(await world.of(customerId, 'SIM_BACKUP')).toMatchObject({ granted: 3, used: 3 });
  });

  it('[ENT-02] are used once when the same is asked again, also at the same moment', async () => {
    const customerId = await aGoldCustomer();
    const lounge = { benefit: 'AIRPORT_LOUNGE', units: 2, place: 'CAN-T2-01' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => use(customerId, lounge, 'lounge-1')));
    const [made] = answers.filter(({ status }) => status === 201);
    expect(made?.body).toMatchObject({ ...lounge, customerId, channel: 'HALL', levelYear: '2026-02-01' });
    expect(made?.headers['location']).toBe(`${BENEFITS}/customer/${customerId}/use/${made?.body.id}`);
    // The answer is forgotten in time, the use is not.
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await use(customerId, lounge, 'lounge-1')).body).toEqual(made?.body);
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await use(customerId, { ...lounge, units: 1 }, 'lounge-1')).body.code).toBe('benefits.key-reused');
    expect(await world.of(customerId)).toMatchObject({ used: 2 });
    expect((await served.call({ url: made?.headers['location'] ?? '' })).body).toEqual(made?.body);
  });

  it('[ENT-02] are used within what is granted while the level falls and the night runs', async () => {
    for (let round = 0; round < 5; round++) {
      const customerId = await aGoldCustomer();
      const uses = Array.from({ length: 10 }, () => use(customerId, { benefit: 'AIRPORT_LOUNGE' }));
      const fall = world.level(customerId, 'SILVER').then((change) => Promise.all([world.tell(change), world.night()]));
      const answers = await Promise.all(uses);
      await fall;
      const used = answers.filter(({ status }) => status === 201).length;
      expect(answers.filter(({ body }) => body.code === 'benefits.quota-used-up')).toHaveLength(10 - used);
      expect(await world.of(customerId)).toEqual({ level: 'SILVER', granted: Math.max(used, 2), used });
      const changes = await world.changes(customerId);
      expect(changes.every(({ before }, i) => before === (changes[i - 1]?.granted ?? 0))).toBe(true);
    }
  });

  it('are refused to guests beyond what is left, to who has left, and what there is not', async () => {
    const customerId = await aGoldCustomer();
    expect((await use(customerId, { benefit: 'AIRPORT_LOUNGE', units: 7 })).body).toMatchObject({
      code: 'benefits.quota-used-up',
      detail: { granted: 6, used: 0, requested: 7 },
    });
    expect((await use(await world.aCustomer())).body.code).toBe('benefits.quota-used-up');
    expect((await use(await world.aCustomer('2026-01-01'))).body.code).toBe('benefits.customer-has-left');
    expect((await use(customerId, { benefit: 'HELICOPTER' })).body.code).toBe('benefits.unknown-benefit');
    expect((await use(newId())).status).toBe(404);
    expect((await use(customerId, { units: 0 })).status).toBe(400);
    expect(await world.db.query('SELECT FROM benefits.entitlement_use WHERE customer_id = $1', [customerId])).toEqual(
      [],
    );
  });

  it('are shown with what is left, and every look has its line', async () => {
    const customerId = await aGoldCustomer();
    await use(customerId);
    const { body } = await get(`customer/${customerId}/entitlement?benefit=SIM_BACKUP`);
    expect(body).toEqual([
      expect.objectContaining({
        '@type': 'Entitlement',
        id: '2026-02-01~SIM_BACKUP',
        label: { en: 'SIM backup', zh: 'SIM卡备份' },
        level: 'GOLD',
        levelYear: '2026-02-01',
        validUntil: '2027-02-01',
        granted: 3,
        used: 1,
        remaining: 2,
      }),
    ]);
    const [line] = await world.db.query(
      `SELECT action, customer_ids AS ids, field_groups AS groups FROM organization.access_register ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toEqual({ action: 'benefits.read', ids: [customerId], groups: ['benefits'] });
    expect((await get(`customer/${newId()}/entitlement`)).status).toBe(404);
  });

  it('[ENT-01] are a catalogue with quotas by level, whose versions stay', async () => {
    const golf = {
      code: 'GOLF_PRACTICE',
      serviceClass: 'A_EXTRA',
      label: { en: 'Golf practice', zh: '高尔夫练习' },
      unit: 'TIME',
      effectiveFrom: TODAY,
    };
    expect((await post('benefit', golf)).body).toMatchObject({ id: 'GOLF_PRACTICE', effectiveUntil: '9999-12-31' });
    expect((await post('benefit', golf)).body.code).toBe('benefits.code-taken');
    const quota = { benefit: 'GOLF_PRACTICE', level: 'GOLD', unitsPerYear: 4, effectiveFrom: TODAY };
    const set = await Promise.all([post('quota', quota), post('quota', { ...quota, unitsPerYear: 8 })]);
    expect(set.map(({ body }) => body.id).sort()).toEqual(['GOLF_PRACTICE~GOLD~1', 'GOLF_PRACTICE~GOLD~2']);
    const { body: versions } = await get('quota?benefit=GOLF_PRACTICE');
    expect(versions).toHaveLength(2);
    const last = versions.find(({ version }: { version: number }) => version === 2).unitsPerYear;

    const customerId = await aGoldCustomer();
    expect(await world.of(customerId, 'GOLF_PRACTICE')).toMatchObject({ granted: last });
    expect((await post('quota', { ...quota, effectiveFrom: '2026-02-09' })).body.code).toBe('benefits.day-is-gone');
    expect((await post('quota', { ...quota, level: 'STAR_5' })).body.code).toBe('benefits.unknown-level');
    expect((await post('quota', { ...quota, benefit: 'GOLF' })).body.code).toBe('benefits.unknown-benefit');

    const patch = (payload: object): Promise<Answer> =>
      served.call({ method: 'PATCH', url: `${BENEFITS}/benefit/GOLF_PRACTICE`, payload });
    expect((await patch({ effectiveUntil: '2026-02-01' })).body.code).toBe('benefits.day-is-gone');
    expect((await patch({ effectiveUntil: TODAY })).body).toMatchObject({ effectiveUntil: TODAY, label: golf.label });
    await world.tell(await world.level(customerId, 'GOLD'));
    expect(await world.of(customerId, 'GOLF_PRACTICE')).toMatchObject({ granted: 0 });
    expect((await get('benefit/HELICOPTER')).status).toBe(404);
  });

  it('[ENT-01] are of the three classes of the 3A service system, the higher level having more', async () => {
    const { body: catalogue } = await get('benefit?id=AIRPORT_LOUNGE,SIM_BACKUP,HANDSET_REPAIR');
    expect(catalogue.map(({ serviceClass }: { serviceClass: string }) => serviceClass).sort()).toEqual([
      'A_CUSTOMER',
      'A_EXTRA',
      'A_NETWORK',
    ]);
    const { body: shipped } = await get('quota?limit=100');
    for (const { id } of catalogue) {
      const of = (wanted: string): number =>
        shipped.find(({ benefit, level }: { benefit: string; level: string }) => benefit === id && level === wanted)
          .unitsPerYear;
      expect([of('DIAMOND') > of('GOLD'), of('GOLD') > of('SILVER'), of('SILVER') > 0]).toEqual([true, true, true]);
    }
  });
});
