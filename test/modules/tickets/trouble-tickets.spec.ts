import { newId } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { hoursAfter, T0, ticketsOn } from './support.js';

const PATH = '/tmf-api/troubleTicket/v4/troubleTicket';

describe('trouble tickets', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof ticketsOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await ticketsOn(db);
  });
  afterAll(async () => {
    await on.app.close();
    await db.drop();
  });
  beforeEach(async () => {
    on.clock.time = T0;
    await db.query('TRUNCATE tickets.running_clock, platform.outbox');
  });

  const body = (customerId: string, changes: object = {}) => ({
    description: 'No signal at home',
    severity: 'Minor',
    ticketType: 'complaint',
    relatedParty: [{ id: customerId, role: 'customer', '@referredType': 'Customer' }],
    ...changes,
  });
  const post = (payload: object, headers = {}) => on.call({ method: 'POST', url: PATH, payload, headers });
  const patch = (id: string, payload: object, headers = {}) =>
    on.call({ method: 'PATCH', url: `${PATH}/${id}`, payload, headers });
  const get = (query: string) => on.call({ url: `${PATH}${query}` });
  const opened = async (customerId?: string, changes = {}) =>
    (await post(body(customerId ?? (await on.aCustomer()), changes))).body as { id: string; [name: string]: unknown };
  const events = async (name: string) =>
    (
      await db.query<{ payload: Record<string, unknown> }>(
        'SELECT payload FROM platform.outbox WHERE name = $1 ORDER BY position',
        [name],
      )
    ).map(({ payload }) => payload);

  it.each([
    ['DIAMOND', 2, 24, 'High'],
    ['PLATINUM', 4, 36, 'High'],
    ['GOLD', 4, 36, 'Medium'],
    ['SILVER', 8, 48, 'Medium'],
    ['HONOURED_GUEST', 24, 72, 'Low'],
    ['ORDINARY', 24, 72, 'Low'],
  ] as const)(
    '[TKT-07] a %s customer is answered in %i h and helped in %i h',
    async (tier, answer, solve, priority) => {
      const ticket = await opened(await on.aCustomer(tier));
      expect(ticket).toMatchObject({ priority, expectedResolutionDate: hoursAfter(solve).toISOString() });
      const clocks = await db.query(
        'SELECT clock, due_at FROM tickets.running_clock WHERE ticket_id = $1 ORDER BY clock',
        [ticket.id],
      );
      expect(clocks).toEqual([
        { clock: 'firstAnswer', due_at: hoursAfter(answer) },
        { clock: 'resolution', due_at: hoursAfter(solve) },
      ]);
    },
  );

  it('is opened in TM Forum’s shape, keeps what it does not know, and announces itself', async () => {
    const customerId = await on.aCustomer('GOLD');
    const answer = await post(
      body(customerId, {
        name: 'Signal',
        severity: 'Critical',
        channel: { id: '10086', name: 'Hotline' },
        note: [{ text: 'Heard twice already' }],
        relatedEntity: [{ id: 'B1', role: 'bill', '@referredType': 'Bill' }],
        mood: { angry: true },
        relatedParty: [
          { id: customerId, role: 'customer', name: '张小明', '@referredType': 'Customer' },
          { id: 'staff-7', role: 'owner', '@referredType': 'Employee' },
        ],
      }),
    );
    const ticket = answer.body;
    expect([answer.status, answer.headers['location'], answer.headers['etag']]).toEqual([
      201,
      `${PATH}/${ticket.id}`,
      '"1"',
    ]);
    expect(ticket).toMatchObject({
      href: `${PATH}/${ticket.id}`,
      '@type': 'TroubleTicket',
      status: 'acknowledged',
      priority: 'Critical',
      creationDate: T0.toISOString(),
      expectedResolutionDate: hoursAfter(18).toISOString(),
      statusChange: [{ status: 'acknowledged', changeDate: T0.toISOString() }],
      note: [{ text: 'Heard twice already' }],
      channel: { id: '10086', name: 'Hotline' },
      relatedEntity: [{ id: 'B1', role: 'bill', '@referredType': 'Bill' }],
      mood: { angry: true },
    });
    expect(ticket.relatedParty.map(({ id, role, name }: Record<string, unknown>) => [id, role, name])).toEqual([
      [customerId, 'customer', undefined], // a name is kept with the customer, and not here
      ['staff-7', 'owner', undefined],
    ]);
    expect((await get(`/${ticket.id}`)).body).toEqual(ticket);
    expect(await events('tickets.TicketOpened')).toEqual([
      {
        ticketId: ticket.id,
        customerId,
        ticketType: 'complaint',
        severity: 'Critical',
        priority: 'Critical',
        expectedResolutionDate: hoursAfter(18).toISOString(),
      },
    ]);
  });

  it('needs description, severity, type and a customer who exists', async () => {
    const customerId = await on.aCustomer();
    for (const missing of ['description', 'severity', 'ticketType']) {
      const answer = await post(body(customerId, { [missing]: undefined }));
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(missing)]);
    }
    expect((await post(body(customerId, { relatedParty: undefined }))).body).toMatchObject({
      code: 'tickets.customer-missing',
    });
    expect((await post(body(newId()))).body).toMatchObject({ code: 'customers.not-found' });
    expect((await post(body('no-such-shape'))).status).toBe(404);
    const two = [customerId, await on.aCustomer()].map((id) => ({ id, role: 'customer' }));
    expect((await post(body(customerId, { relatedParty: two }))).status).toBe(422);
  });

  describe('with an external id', () => {
    it('the same again is the same ticket, also when both arrive together', async () => {
      const payload = body(await on.aCustomer(), { externalId: 'CRM-1', note: [{ text: 'one' }] });
      const answers = await Promise.all(Array.from({ length: 12 }, () => post(payload)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect(await events('tickets.TicketOpened')).toHaveLength(1);
      expect((await get('?externalId=CRM-1')).body).toHaveLength(1);
    });

    it('other content is refused, another system is another ticket', async () => {
      const payload = body(await on.aCustomer(), { externalId: 'CRM-2' });
      const { id } = (await post(payload)).body;
      expect((await post({ ...payload, severity: 'Critical' })).body).toMatchObject({
        code: 'tickets.external-id-taken',
        status: '409',
      });
      const other = await post(payload, { 'x-api-key': 'gbk_other' });
      expect([other.status, other.body.id === id]).toEqual([201, false]);
    });
  });

  describe('changing', () => {
    it('waiting for the customer stops the clock and moves the expected date by the wait', async () => {
      const { id } = await opened(await on.aCustomer('DIAMOND'));
      await patch(id, { status: 'inProgress' });
      on.clock.time = hoursAfter(2);
      const waiting = await patch(id, { status: 'pending', statusChangeReason: 'Needs the bill' });
      expect(waiting.body).toMatchObject({ status: 'pending', statusChangeReason: 'Needs the bill' });
      expect(await db.query('SELECT clock FROM tickets.running_clock')).toEqual([]);
      on.clock.time = hoursAfter(40);
      expect(await on.overdue.execute()).toBe(0);
      const { body: again } = await patch(id, { status: 'inProgress' });
      expect(again).toMatchObject({ expectedResolutionDate: hoursAfter(62).toISOString() });
      expect(again).not.toHaveProperty('statusChangeReason');
      expect(again.statusChange.map(({ status }: { status: string }) => status)).toEqual([
        'acknowledged',
        'inProgress',
        'pending',
        'inProgress',
      ]);
      expect(await events('tickets.TicketStatusChanged')).toHaveLength(3);
    });

    it('goes the ways of its status only, and says which are open', async () => {
      const { id } = await opened();
      const answer = await patch(id, { status: 'closed' });
      expect(answer.body).toMatchObject({ code: 'tickets.illegal-status-change', status: '409' });
      expect(answer.text).toContain('inProgress');
      for (const status of ['inProgress', 'resolved', 'inProgress', 'resolved', 'closed'])
        expect((await patch(id, { status })).status).toBe(200);
      expect((await patch(id, { description: 'else' })).body).toMatchObject({ code: 'tickets.has-ended' });
    });

    it('leaves alone what the server sets', async () => {
      const ticket = await opened();
      for (const [name, value] of Object.entries({
        priority: 'Critical',
        expectedResolutionDate: T0,
        creationDate: hoursAfter(1),
        statusChange: [],
      })) {
        expect((await patch(ticket.id, { [name]: value })).body).toMatchObject({
          code: 'patch.attribute-not-patchable',
        });
      }
      expect((await patch(ticket.id, { ...ticket, severity: 'Major' })).body).toMatchObject({
        severity: 'Major',
        expectedResolutionDate: hoursAfter(54).toISOString(),
      });
    });

    it('adds notes and never loses one; merges and removes attributes of the client’s own', async () => {
      const { id, note } = await opened(undefined, { note: [{ text: 'first' }], extra: { a: 1, b: 2 } });
      const [first] = note as { id: string; text: string }[];
      const after = await patch(id, { note: [{ text: 'second' }], extra: { b: null, c: 3 } });
      expect(after.body.note.map(({ text }: { text: string }) => text)).toEqual(['first', 'second']);
      expect(after.body.extra).toEqual({ a: 1, c: 3 });
      expect((await patch(id, { note: [first], extra: null })).body).not.toHaveProperty('extra');
      expect((await patch(id, { note: [{ ...first, text: 'other' }] })).body).toMatchObject({
        code: 'tickets.note-is-kept',
      });
    });

    it('keeps the ticket with its customer', async () => {
      const { id } = await opened();
      const other = { relatedParty: [{ id: await on.aCustomer(), role: 'customer' }] };
      expect((await patch(id, other)).body).toMatchObject({ code: 'tickets.customer-is-fixed' });
    });

    it('of two people who read the same version one is told to read again', async () => {
      const { id } = await opened();
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((description) => patch(id, { description }, { 'if-match': '"1"' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'tickets.changed' });
      expect((await patch(id, { description: 'x' }, { 'if-match': 'abc' })).status).toBe(400);
    });

    it('of different attributes at once loses none', async () => {
      const { id } = await opened();
      await Promise.all([
        patch(id, { name: 'N' }),
        patch(id, { severity: 'Major' }),
        patch(id, { x: 1 }),
        patch(id, { status: 'inProgress' }),
      ]);
      expect((await get(`/${id}`)).body).toMatchObject({ name: 'N', severity: 'Major', x: 1, status: 'inProgress' });
    });
  });

  it('is not deleted by staff; the refusal tells the way out', async () => {
    const { id } = await opened();
    const answer = await on.call({ method: 'DELETE', url: `${PATH}/${id}` });
    expect(answer.body).toMatchObject({
      code: 'tickets.is-kept',
      status: '409',
      message: expect.stringContaining('cancelled'),
    });
    expect((await on.call({ method: 'DELETE', url: `${PATH}/${newId()}` })).status).toBe(404);
    expect((await patch(id, { status: 'cancelled' })).status).toBe(200);
  });

  describe('overdue', () => {
    it('is told once per promise, however many sweeps run and whatever is changed meanwhile', async () => {
      const tickets = await Promise.all(Array.from({ length: 30 }, async () => opened(await on.aCustomer('DIAMOND'))));
      on.clock.time = hoursAfter(25);
      const work = [
        ...Array.from({ length: 6 }, () => on.overdue.execute()),
        ...tickets.map(({ id }) => patch(id, { status: 'inProgress' })),
      ];
      await Promise.all(work);
      await on.overdue.execute();
      const told = await events('tickets.TicketOverdue');
      expect(told).toHaveLength(60);
      expect(new Set(told.map(({ ticketId, clock }) => `${String(ticketId)} ${String(clock)}`)).size).toBe(60);
      expect(await db.query('SELECT FROM tickets.running_clock')).toEqual([]);
    });

    it('is told of a ticket that was solved late before any sweep looked', async () => {
      const { id } = await opened(await on.aCustomer('DIAMOND'));
      await patch(id, { status: 'inProgress' });
      on.clock.time = hoursAfter(30);
      await patch(id, { status: 'resolved' });
      expect(await events('tickets.TicketOverdue')).toEqual([
        expect.objectContaining({ ticketId: id, clock: 'resolution', dueAt: hoursAfter(24).toISOString() }),
      ]);
      expect(await on.overdue.execute()).toBe(0);
      expect(await db.query('SELECT is_overdue FROM tickets.ticket_fact WHERE ticket_id = $1', [id])).toEqual([
        { is_overdue: true },
      ]);
    });
  });

  it('is found by status, type, severity, customer and due time, in the order asked for', async () => {
    const customerId = await on.aCustomer('GOLD');
    const one = await opened(customerId, { ticketType: 'fault', severity: 'Critical' });
    on.clock.time = hoursAfter(1);
    const two = await opened(customerId, { ticketType: 'enquiry' });
    await patch(two.id, { status: 'inProgress' });
    const found = async (query: string) =>
      (await get(`?relatedParty.id=${customerId}&${query}`)).body.map(({ id }: { id: string }) => id);
    expect(await found('')).toEqual([two.id, one.id]);
    expect(await found('sort=creationDate')).toEqual([one.id, two.id]);
    expect(await found('status=acknowledged')).toEqual([one.id]);
    expect(await found('ticketType=enquiry,fault&severity=Critical')).toEqual([one.id]);
    expect(await found('priority=Medium')).toEqual([two.id]);
    expect(await found(`creationDate.gt=${T0.toISOString()}`)).toEqual([two.id]);
    expect(await found(`expectedResolutionDate.lt=${hoursAfter(30).toISOString()}`)).toEqual([one.id]);
    expect((await get('?status=nonsense')).status).toBe(400);
  });

  it('[AUD-01] every read of a customer’s tickets is in the register', async () => {
    const customerId = await on.aCustomer();
    const { id } = await opened(customerId);
    await get(`/${id}`);
    await get(`?relatedParty.id=${customerId}`);
    const lines = await db.query(
      'SELECT action, field_groups, object_id FROM organization.access_register WHERE $1 = ANY (customer_ids) ORDER BY entry_id',
      [customerId],
    );
    expect(lines).toEqual([
      { action: 'tickets.read', field_groups: ['tickets'], object_id: id },
      { action: 'tickets.list', field_groups: ['tickets'], object_id: null },
    ]);
  });
});
