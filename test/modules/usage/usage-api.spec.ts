import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NUMBERS, sendFile, startWorld, type World } from '../../api/world.js';
import type { Credentials } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/http.js';
import { aUsage, usageFile } from './support/boss-file.js';

const USAGE = '/tmf-api/usageManagement/v4/usage';
const SPECIFICATION = '/tmf-api/usageManagement/v4/usageSpecification';
const NOW = new Date(Date.now() - 3_600_000).toISOString();

interface Told {
  readonly path: string | undefined;
  readonly eventType: string;
  readonly event: Readonly<Record<string, { readonly id: string; readonly href: string }>>;
}

describe('usage by TM Forum’s API', () => {
  let world: World;
  let crm: Server;
  let callback: string;
  const told: Told[] = [];
  let records = 0;

  beforeAll(async () => {
    crm = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        told.push({ path: request.url, ...(JSON.parse(Buffer.concat(chunks).toString()) as Omit<Told, 'path'>) });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(crm, 'listening');
    const host = `127.0.0.1:${(crm.address() as AddressInfo).port}`;
    callback = `http://${host}/crm`;
    world = await startWorld({ GUIBIN_CALLBACK_HOSTS: host });
  });
  afterAll(async () => {
    await world?.close();
    crm.closeAllConnections();
    crm.close();
  });

  const call = (method: string, url: string, payload?: unknown, who: Credentials = world.administrator) =>
    world.call({ method, url, payload, headers: { ...who } });
  const characteristics = (given: object): { name: string; value: unknown }[] =>
    Object.entries(given).map(([name, value]: [string, unknown]) => ({ name, value }));
  const body = (given: object = {}, more: object = {}): object => ({
    usageDate: NOW,
    usageType: 'VOICE_MO',
    usageCharacteristic: characteristics({
      recordId: `T-${++records}`, msisdn: NUMBERS.rich, counterpartyClass: 'ON_NET', durationSec: 61, feeFen: 20, source: 'BOSS', ...given,
    }),
    ...more,
  }); // prettier-ignore
  const pushed = async (given: object = {}, more: object = {}): Promise<Answer['body']> => {
    const answer = await call('POST', USAGE, body(given, more));
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body;
  };
  const valueOf = ({ usageCharacteristic: list }: Answer['body'], name: string): unknown =>
    list.find((each: { name: string }) => each.name === name)?.value;
  const seconds = async (): Promise<unknown> =>
    (
      await world.database.query<{ sum: string }>(
        'SELECT sum(voice_mo_sec)::int AS sum FROM usage.customer_month WHERE customer_id = $1',
        [world.customers.rich],
      )
    )[0]?.sum;

  describe('a record', () => {
    it('[USG-02] is corrected by its next version; what was said before stays', async () => {
      const before = await seconds();
      const usage = await pushed({ durationSec: 61, taxFen: 1 });
      const patch = { usageCharacteristic: [{ name: 'durationSec', value: 100 }], ratedProductUsage: [{ taxIncludedRatingAmount: { unit: 'CNY', value: 0.35 } }] }; // prettier-ignore
      const corrected = await call('PATCH', usage.href, patch);
      expect(corrected).toMatchObject({ status: 200, body: { status: 'rerated', usageType: 'VOICE_MO' } });
      expect(['version', 'durationSec', 'refRecordId'].map((name) => valueOf(corrected.body, name))).toEqual([
        2,
        100,
        valueOf(usage, 'recordId'),
      ]);
      expect(corrected.body.ratedProductUsage[0]).toMatchObject({
        taxIncludedRatingAmount: { unit: 'CNY', value: 0.35 },
        taxExcludedRatingAmount: { unit: 'CNY', value: 0.35 },
      });
      expect((await call('GET', corrected.body.href)).body).toEqual(corrected.body);
      const old = (await call('GET', usage.href)).body;
      expect([old.status, valueOf(old, 'durationSec')]).toEqual(['recycled', 61]);
      expect(await seconds()).toBe(Number(before ?? 0) + 100);

      const late = await call('PATCH', usage.href, patch);
      expect(late).toMatchObject({ status: 409, body: { code: 'usage.superseded' } });
      const same = await call('PATCH', corrected.body.href, corrected.body);
      expect([same.status, same.body.id]).toEqual([200, corrected.body.id]);
    }); // prettier-ignore

    it('[USG-02] is taken back by a further version, and counts no more', async () => {
      const before = await seconds();
      const usage = await pushed();
      expect(await call('DELETE', usage.href)).toMatchObject({ status: 204, text: '' });
      expect((await call('GET', usage.href)).body.status).toBe('recycled');
      const list = await call('GET', `${USAGE}?relatedParty.id=${world.customers.rich}&status=rejected`);
      expect(list.body.map((each: object) => valueOf(each, 'recordId'))).toContain(valueOf(usage, 'recordId'));
      expect(await seconds()).toBe(Number(before));
      expect(await call('DELETE', usage.href)).toMatchObject({ status: 409, body: { code: 'usage.superseded' } });
    });

    it('is corrected once, however many correct it at the same time', async () => {
      const usage = await pushed();
      const answers = await Promise.all(
        [10, 20, 30, 40].map((value) =>
          call('PATCH', usage.href, { usageCharacteristic: [{ name: 'durationSec', value }] }),
        ),
      );
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      for (const each of answers) expect([200, 409]).toContain(each.status);
      const versions = await world.database.query(
        'SELECT version, is_current FROM usage.usage_record WHERE record_id = $1 ORDER BY version',
        [valueOf(usage, 'recordId')],
      );
      expect(versions).toEqual([
        { version: 1, is_current: false },
        { version: 2, is_current: true },
      ]);
    });

    it.each([
      [{ usageCharacteristic: [{ name: 'recordId', value: 'other' }] }, 'recordId'],
      [{ usageCharacteristic: [{ name: 'msisdn', value: NUMBERS.poor }] }, 'msisdn'],
      [{ status: 'billed' }, 'status'],
      [{ relatedParty: [{ id: 'somebody-else', '@referredType': 'Customer' }] }, 'relatedParty'],
    ])('keeps what makes it the same record: %j', async (patch, field) => {
      const usage = await pushed();
      const answer = await call('PATCH', usage.href, patch);
      expect(answer).toMatchObject({ status: 400, body: { code: 'patch.attribute-not-patchable' } });
      expect(answer.text).toContain(field);
      expect((await call('GET', usage.href)).body).toEqual(usage);
    });

    it('is billed when the bill of its month is in', async () => {
      const eventTime = '2026-01-15T10:00:00+08:00';
      const recordId = 'T-billed';
      const { name, text } = usageFile([aUsage({ msisdn: NUMBERS.rich, recordId, eventTime })], {
        date: '20260201',
        sequence: 1,
      });
      const sent = await world.call(sendFile(name, text, world.boss));
      expect(sent.body.counts).toMatchObject({ received: 1, loaded: 1 });
      const { body: found } = await call('GET', `${USAGE}?usageCharacteristic.recordId=${recordId}`);
      expect(found).toMatchObject([{ status: 'billed', ratedProductUsage: [{ isBilled: true }] }]);
      const url = `${USAGE}?relatedParty.id=${world.customers.rich}&usageDate.gte=2026-01-01&usageDate.lt=2026-02-01`;
      expect((await call('GET', `${url}&status=billed`)).body).toHaveLength(1);
      expect((await call('GET', `${url}&status=rated`)).body).toHaveLength(0);
    });

    it('[USG-01] names its customer by relatedParty alone, and none but that one', async () => {
      const party = (id: string) => ({ relatedParty: [{ id, role: 'customer', '@referredType': 'Customer' }] });
      const usage = await pushed({ msisdn: undefined }, party(world.customers.poor));
      expect(usage.relatedParty[0].id).toBe(world.customers.poor);
      const other = await call('POST', USAGE, body({}, party(world.customers.poor)));
      expect(other).toMatchObject({ status: 422, body: { code: 'usage.of-another' } });
      const nobody = await call('POST', USAGE, body({ msisdn: undefined }, party('nobody')));
      expect(nobody).toMatchObject({ status: 404, body: { code: 'customers.not-found' } });
    });

    it.each([
      ['half a fen', { ratedProductUsage: [{ taxIncludedRatingAmount: { unit: 'CNY', value: 0.005 } }] }],
      ['another fee than its characteristic', { ratedProductUsage: [{ taxIncludedRatingAmount: { value: 9 } }] }],
      ['a status that only follows', { status: 'billed' }],
    ])('is refused with %s', async (_, more) => {
      expect(await call('POST', USAGE, body({}, more))).toMatchObject({ status: 400, body: { code: 'usage.invalid' } });
    });

    it('shows its amounts to those only who may see them', async () => {
      const usage = await pushed();
      expect((await call('GET', usage.href)).body.ratedProductUsage).toHaveLength(1);
      expect((await call('GET', usage.href, undefined, world.viewer)).body.ratedProductUsage).toBeUndefined();
      for (const [method, payload] of [['PATCH', {}], ['DELETE', undefined]] as const) {
        const answer = await call(method, usage.href, payload, world.agent);
        expect(answer).toMatchObject({ status: 403, body: { code: 'access.permission-missing' } });
      }
    }); // prettier-ignore

    it('[promise 26] keeps what the contract does not know, shows it masked, and takes it along when it is corrected', async () => {
      const usage = await pushed(
        { cellId: '460-00-1', receivedAt: '2026-11-20T10:05:00+08:00' },
        { description: `called ${NUMBERS.poor}`, weather: { sky: 'grey' } },
      );
      expect(usage).toMatchObject({ description: 'called 139****0002', weather: { sky: 'grey' } });
      expect(valueOf(usage, 'cellId')).toBe('460-00-1');
      expect(valueOf(usage, 'receivedAt')).toBe('2026-11-20T02:05:00.000Z');
      const patched = await call('PATCH', usage.href, { ...usage, weather: { sky: 'blue' } });
      expect(patched).toMatchObject({
        status: 200,
        body: { weather: { sky: 'blue' }, description: usage.description },
      });
      expect(['cellId', 'version', 'receivedAt'].map((name) => valueOf(patched.body, name))).toEqual([
        '460-00-1',
        2,
        '2026-11-20T02:05:00.000Z',
      ]);
      const same = await call('PATCH', patched.body.href, patched.body);
      expect(same.body.id).toBe(patched.body.id);
      const emptied = await call('PATCH', patched.body.href, {
        usageCharacteristic: [{ name: 'cellId', value: null }],
        description: null,
      });
      expect([emptied.body.description, valueOf(emptied.body, 'cellId')]).toEqual([undefined, undefined]);
      const { body: list } = await call('GET', `${USAGE}?usageCharacteristic.recordId=${valueOf(usage, 'recordId')}`);
      expect(list.map(({ weather }: { weather: object }) => weather)).toEqual([
        { sky: 'grey' },
        { sky: 'blue' },
        { sky: 'blue' },
      ]);
    });

    it('of another source is not corrected by a system', async () => {
      const usage = await pushed();
      const answer = await call('DELETE', usage.href, undefined, world.stranger);
      expect(answer).toMatchObject({ status: 403, body: { code: 'intake.not-your-records' } });
    });
  });

  describe('what is nobody’s', () => {
    it('[promise 16] waits as received, and is shown to those who look after the intake, without a number', async () => {
      const answer = await call('POST', USAGE, body({ msisdn: '13700000777', recordId: 'T-waits' }), world.boss);
      expect(answer).toMatchObject({ status: 201, body: { id: 'received~BOSS~T-waits~1', status: 'received' } });
      const list = await call('GET', `${USAGE}?status=received`);
      expect(list.body).toEqual([answer.body]);
      expect((await call('GET', answer.body.href)).body).toEqual(answer.body);
      expect(list.text + answer.text).not.toContain('13700000777');

      expect(await call('GET', `${USAGE}?status=received`, undefined, world.agent)).toMatchObject({
        status: 403,
        body: { code: 'usage.only-for-intake' },
      });
      expect((await call('GET', answer.body.href, undefined, world.agent)).status).toBe(404);
      expect((await call('GET', answer.body.href, undefined, world.stranger)).status).toBe(404);
      expect((await call('GET', `${USAGE}?status=received`, undefined, world.stranger)).body).toEqual([]);
      for (const method of ['PATCH', 'DELETE']) {
        const changed = await call(method, answer.body.href, method === 'PATCH' ? {} : undefined);
        expect(changed).toMatchObject({ status: 409, body: { code: 'usage.not-stored' } });
      }
    });

    it('was refused as rejected, with its code', async () => {
      const refused = await call('POST', USAGE, body({ recordId: 'T-refused', feeFen: -1 }), world.boss);
      expect(refused).toMatchObject({ status: 422, body: { code: 'usage.refused' } });
      const { body: list } = await call('GET', `${USAGE}?status=rejected&usageCharacteristic.recordId=T-refused`);
      expect(list).toMatchObject([{ status: 'rejected' }]);
      expect(valueOf(list[0], 'code')).toBe('E_AMOUNT');
      expect((await call('GET', list[0].href)).body).toEqual(list[0]);
    });

    it('may be taken as a stream, too', async () => {
      const REJECTS = '/care-api/intake/v1/reject';
      const page = await call('GET', REJECTS);
      const stream = await call('GET', REJECTS, undefined, { ...world.administrator, accept: 'application/x-ndjson' });
      expect(page.body.length).toBeGreaterThan(0);
      expect(stream.text.trimEnd().split('\n').map((line) => JSON.parse(line) as object)).toEqual(page.body);
    }); // prettier-ignore

    it('is not listed together with what is somebody’s', async () => {
      for (const query of ['status=received,rated', 'status=received&usageType=SMS']) {
        expect(await call('GET', `${USAGE}?${query}`)).toMatchObject({
          status: 400,
          body: { code: 'request.invalid-query' },
        });
      }
    });
  });

  it('[promise 29] explains a month to those who may see it, its amounts to those who may see them', async () => {
    const url = `/care-api/intake/v1/monthFact?customerId=${world.customers.rich}&month=2026-01`;
    const { status, body: month } = await call('GET', url);
    expect(status).toBe(200);
    expect(month).toMatchObject({ '@type': 'MonthFact', month: '2026-01-01', isExplained: true });
    expect(month.inputs).toMatchObject({ count: month.recomputedInputs.count, xor: month.recomputedInputs.xor });
    expect(month.records).toContainEqual(expect.objectContaining({ kind: 'BIL', recordId: 'B-rich', version: 1 }));
    const spend = (body: Answer['body']): object =>
      body.figures.find(({ name }: { name: string }) => name === 'spend_fen');
    expect(spend(month)).toEqual({ name: 'spend_fen', kept: 1_000_000, recomputed: 1_000_000, isExplained: true });
    const shown = await call('GET', url, undefined, world.viewer);
    expect(spend(shown.body)).toEqual({ name: 'spend_fen', isExplained: true });
    const lines = await world.database.query(
      `SELECT action FROM organization.access_register WHERE request_id = $1 AND customer_ids @> ARRAY[$2::uuid]`,
      [shown.headers['x-request-id'], world.customers.rich],
    );
    expect(lines).toEqual([{ action: 'usage.explain' }]);

    const elsewhere = await world.staffIn({ kind: 'province', code: '320000' }, 'supervisor');
    for (const [asked, who] of [[url, elsewhere], [url.replace(world.customers.rich, 'nobody'), world.administrator]] as const) {
      expect(await call('GET', asked, undefined, who)).toMatchObject({ status: 404, body: { code: 'customers.not-found' } });
    }
    expect((await call('GET', url.replace('2026-01', '2026-13'))).status).toBe(400);
  }); // prettier-ignore

  it('tells subscribers of what came here record by record, by ids only; never of what came in bulk', async () => {
    const subscribed = await call('POST', '/tmf-api/usageManagement/v4/hub', { callback });
    expect(subscribed).toMatchObject({ status: 201, body: { callback } });
    const usage = await pushed();
    await world.done({
      method: 'POST',
      url: '/care-api/intake/v1/recordBatch',
      payload: { kind: 'USG', source: 'BOSS', records: [batchRecord('T-bulk')] },
      headers: { ...world.boss, authorization: '' },
    });
    const corrected = await call('PATCH', usage.href, { usageCharacteristic: [{ name: 'durationSec', value: 5 }] });
    await call('DELETE', corrected.body.href);
    // What came before the subscription may still be on its way.
    const since = [usage.id, corrected.body.id, 'T-bulk'];
    const news = (): string[] =>
      told
        .filter(({ event }) => since.some((id) => String(event['usage']?.id).includes(id)))
        .map(({ path, event }) => `${path} ${event['usage']?.id}`);
    await eventually(async () => news().length >= 4);
    expect(news().sort()).toEqual([
      `/crm/listener/usageAttributeValueChangeEvent ${corrected.body.id}`,
      `/crm/listener/usageCreateEvent ${usage.id}`,
      `/crm/listener/usageDeleteEvent ${corrected.body.id}`,
      `/crm/listener/usageStateChangeEvent ${usage.id}`,
    ]);
    expect(JSON.stringify(told)).not.toMatch(/durationSec|1391234/);
    expect((await call('DELETE', subscribed.body.href)).status).toBe(204);
  });

  const batchRecord = (recordId: string): object => ({
    recordId, eventTime: NOW, msisdn: NUMBERS.rich, eventType: 'VOICE_MO', counterpartyClass: 'ON_NET', durationSec: 1, feeFen: 0,
    operation: 'NEW', version: 1,
  }); // prettier-ignore

  describe('a specification', () => {
    it('of the contract is there for each type of event, and nobody changes it', async () => {
      const { body: shipped } = await call('GET', `${SPECIFICATION}/USG-ROAM`);
      expect(shipped).toMatchObject({ name: 'ROAM', lifecycleStatus: 'Active' });
      expect(shipped.specCharacteristic.map(({ name }: { name: string }) => name)).toContain('regionVisited');
      for (const method of ['PATCH', 'DELETE']) {
        const answer = await call(method, shipped.href, method === 'PATCH' ? { name: 'x' } : undefined);
        expect(answer).toMatchObject({ status: 409, body: { code: 'usage.specification-is-shipped' } });
      }
      const usage = await pushed();
      expect(usage.usageSpecification).toMatchObject({ id: 'USG-VOICE_MO' });
      expect((await call('GET', usage.usageSpecification.href)).status).toBe(200);
    });

    it('of our own holds the records that name it to what it says', async () => {
      const made = await call('POST', SPECIFICATION, {
        name: 'Cell usage',
        specCharacteristic: [
          { name: 'cellId', valueType: 'string', minCardinality: 1, regex: '^460-[0-9]+$' },
          { name: 'durationSec', characteristicValueSpecification: [{ valueFrom: 1, valueTo: 3600 }] },
        ],
        attachment: [{ name: 'guide.pdf', url: 'https://example.com/guide.pdf' }],
      });
      expect(made).toMatchObject({ status: 201, body: { version: '1', attachment: [{ name: 'guide.pdf' }] } });
      const named = { usageSpecification: { id: made.body.id } };
      const refusals = [{}, { cellId: 'x' }, { cellId: 460 }, { cellId: '460-1', durationSec: 3601 }];
      for (const given of refusals) {
        expect(await call('POST', USAGE, body(given, named))).toMatchObject({
          status: 422,
          body: { code: 'usage.characteristic-refused' },
        });
      }
      const held = await call('POST', USAGE, body({ cellId: '460-1' }, named));
      expect(held).toMatchObject({ status: 201, body: { usageSpecification: { id: made.body.id } } });

      const retired = await call('PATCH', made.body.href, { lifecycleStatus: 'Retired' });
      expect(retired).toMatchObject({ status: 200, body: { id: made.body.id, lifecycleStatus: 'Retired' } });
      expect(await call('POST', USAGE, body({ cellId: '460-1' }, named))).toMatchObject({
        status: 422,
        body: { code: 'usage.specification-not-in-force' },
      });
      expect((await call('DELETE', made.body.href)).status).toBe(204);
      expect((await call('GET', made.body.href)).status).toBe(404);
      const revisions = await world.database.query(
        'SELECT revision, is_deleted FROM usage.usage_specification WHERE specification_id = $1 ORDER BY revision',
        [made.body.id],
      );
      expect(revisions).toEqual([1, 2, 3].map((revision) => ({ revision, is_deleted: revision === 3 })));
    });

    it.each(['(', `(${'(a|a)*'.repeat(25)})*$`])('takes no pattern %p that is none or is slow', async (regex) => {
      const answer = await call('POST', SPECIFICATION, { name: 'x', specCharacteristic: [{ name: 'a', regex }] });
      expect([201, 400]).toContain(answer.status);
      if (regex === '(') expect(answer.body.code).toBe('usage.invalid-pattern');
    });
  });
});
