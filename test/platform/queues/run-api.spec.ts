import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { EVERYBODY, ActorDirectory, hashOfApiKey, type KnownActor } from '../../../src/platform/identity/index.js';
import { QueuesModule, RunsApiModule, WorkersModule } from '../../../src/platform/queues/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import type { Answer, Call } from '../../support/http.js';
import { serve } from '../../support/serve.js';
import { CountingListener, TRIAL_PROCESSORS, TRIAL_TABLES, TrialRun } from './trial.js';

const path = '/care-api/operations/v1/run';
const people = new Map([
  ['operator', ['operations.read', 'operations.run', 'trial.run']],
  ['starter', ['operations.read', 'operations.run']],
  ['reader', ['operations.read']],
]);

class Directory extends ActorDirectory {
  async permissionsOfRole(): Promise<readonly string[]> {
    return [];
  }
  async actorOfStaff(): Promise<undefined> {}

  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    const name = [...people.keys()].find((person) => hashOfApiKey(person) === keyHash);
    if (name === undefined) return undefined;
    return {
      kind: 'system',
      id: name,
      name,
      role: name,
      permissions: people.get(name) ?? [],
      unitId: undefined,
      scope: EVERYBODY,
    };
  }
}

describe('the API of runs', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let call: Call;

  const as = (person: string) => ({ headers: { 'x-api-key': person } });
  const start = (payload: object, person = 'operator'): Promise<Answer> =>
    call({ method: 'POST', url: path, payload, ...as(person) });

  beforeAll(async () => {
    database = await createTestDatabase();
    for (const statement of TRIAL_TABLES) await database.query(statement);
    await database.query('INSERT INTO trial.customer SELECT gen_random_uuid() FROM generate_series(1, 450)');
    ({ app, call } = await serve(await database.dataSource(), {
      settings: { databaseUrl: database.url },
      ground: [{ provide: ActorDirectory, useClass: Directory }],
      imports: [EventsModule, QueuesModule, WorkersModule, RunsApiModule],
      providers: [TrialRun, CountingListener, ...TRIAL_PROCESSORS],
    }));
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('starts a run, says how far it is, and starts nothing the second time', async () => {
    const wanted = { kind: 'trial.worth', asOf: '2026-02-01', parameters: { sliceMs: 20 } };
    const first = await start(wanted);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ '@type': 'Run', kind: 'trial.worth', key: '2026-02-01', asOf: '2026-02-01' });
    expect(first.headers.location).toBe(`${path}/${first.body.id}`);

    const second = await start(wanted);
    expect(second.status).toBe(200);
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.body.id).toBe(first.body.id);

    const done = await eventually(async () => {
      const now = await call({ url: first.headers.location ?? '', ...as('reader') });
      return now.body.status === 'completed' && now.body;
    });
    expect(done.progress).toMatchObject({ percent: 100, slicesTotal: 5, slicesDone: 5, customersTotal: 450 });
    expect(done.counts).toEqual({ decided: 450, slices: 5 });

    const list = await call({ url: `${path}?kind=trial.worth&status=completed&fields=key`, ...as('reader') });
    expect(list.headers['x-total-count']).toBe('1');
    expect(list.body).toEqual([{ id: first.body.id, href: first.body.href, '@type': 'Run', key: '2026-02-01' }]);
  });

  it('refuses what is no run, and a key that is taken', async () => {
    expect((await call({ url: `${path}/${newId()}`, ...as('reader') })).status).toBe(404);
    expect((await start({ kind: 'trial.unheard-of', asOf: '2026-02-01' })).body.code).toBe('run.unknown-kind');
    expect((await start({ kind: 'trial.worth', asOf: '2026-02-01', parameters: { sliceMs: 'x' } })).body.code).toBe(
      'run.parameters-refused',
    );
    await start({ kind: 'trial.worth', key: 'taken', asOf: '2026-02-01' });
    const other = await start({ kind: 'trial.worth', key: 'taken', asOf: '2026-03-01' });
    expect([other.status, other.body.code]).toEqual([409, 'run.key-taken']);
  });

  it('needs the permission to start runs, and that of the kind', async () => {
    const wanted = { kind: 'trial.worth', key: 'guarded', asOf: '2026-02-01' };
    expect((await start(wanted, 'reader')).status).toBe(403);
    const without = await start(wanted, 'starter');
    expect([without.status, without.body.message]).toEqual([403, 'This needs the permission trial.run']);
    expect((await start(wanted)).status).toBe(201);
  });

  it('resumes and cancels only what can be', async () => {
    const { body } = await start({
      kind: 'trial.worth',
      key: 'stopped',
      asOf: '2026-02-01',
      parameters: { sliceMs: 300 },
    });
    const cancelled = await call({ method: 'POST', url: `${path}/${body.id}/cancel`, ...as('operator') });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    const again = await call({ method: 'POST', url: `${path}/${body.id}/cancel`, ...as('operator') });
    expect([again.status, again.body.code]).toEqual([409, 'run.not-cancellable']);
    const resumed = await call({ method: 'POST', url: `${path}/${body.id}/resume`, ...as('operator') });
    expect(resumed.status).toBe(200);
    await eventually(
      async () => (await call({ url: `${path}/${body.id}`, ...as('reader') })).body.status === 'completed',
      30_000,
    );
  });
});
