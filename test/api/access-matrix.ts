import { businessMonth } from '../../src/platform/clock/index.js';
import { newId } from '../../src/platform/database/index.js';
import { routesOf, type Route } from '../../src/platform/http/index.js';
import type { Credentials } from '../support/application.js';
import { startSmsGateway } from '../support/sms-gateway.js';
import { PROVINCES, startProvinces, type Province, type Provinces } from './provinces.js';
import type { Request } from '../support/http.js';

const ORGANIZATION = '/care-api/organization/v1';
const ROUTING = '/care-api/routing/v1';

/** One thing of every kind that a route may name, all of one customer or one part of the organization. */
type Objects = Readonly<Record<string, string>>;

export interface Role {
  readonly name: string;
  readonly scope: 'unit' | 'portfolio' | 'self';
  readonly permissions: readonly string[];
  readonly isForSystems: boolean;
}

/** Somebody of a role whose scope is the first province, or the own customers in it. */
export interface Member {
  readonly role: Role;
  readonly headers: () => Credentials;
  /** Anew, after a route has ended the session. */
  readonly renew: () => Promise<void>;
}

export interface Matrix extends Provinces {
  /** Gives the account manager the own customer back, after a route has given it to somebody else. */
  readonly restore: () => Promise<unknown>;
  readonly routes: readonly Route[];
  readonly members: readonly Member[];
  readonly inScope: Objects;
  readonly outOfScope: Objects;
}

export const isLetIn = 'let in';
type Expected = typeof isLetIn | { readonly status: 403 | 404; readonly code: string };

/** Nobody of the staff is himself a customer there. */
const FOR_CUSTOMERS = /^\/care-api\/customers\/v1\/(me|customerSession)(\/|$)/;

/** What the declaration of a route, the permissions of a role and the scope say together. */
export function expectedOf(route: Route, { role }: Pick<Member, 'role'>, isOutside: boolean): Expected {
  if (route.access === 'public') return isLetIn;
  if (route.access === undefined) throw new Error(`${route.handler} says not who may call it`);
  const { permission } = route.access;
  const isHeld = role.permissions.includes(permission) || (permission === 'session.own' && !role.isForSystems);
  if (!isHeld) return { status: 403, code: 'access.permission-missing' };
  if (role.scope !== 'self' && FOR_CUSTOMERS.test(route.path)) return { status: 403, code: 'customers.not-a-customer' };
  if (role.scope === 'self' && route.selfService === undefined)
    return { status: 403, code: 'access.not-for-customers' };
  if (route.isForWholeOperator) return { status: 403, code: 'access.whole-operator-only' };
  if (isOutside && route.concerns) return { status: 404, code: new route.concerns.unknown().code };
  return isLetIn;
}

/** What some reads ask for. */
const QUERIES: Readonly<Record<string, string>> = {
  valuePyramid: '?asOf=2026-02-01',
  levelMovement: '?from=2026-01-01&to=2026-02-01',
  item: '?feed=TIR-440000',
  monthFact: '?month=2026-01',
  crossRegionPayment: '?date=2026-02-01',
  precision: '?month=2026-02',
  comparison: '?runIds=one,another',
  affectedCustomers: '?actorId=nobody&from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z',
};

/** The request to a route about these things; its body is refused as soon as it is looked at, so that nothing is changed. */
export function requestTo({ method, path, concerns }: Route, objects: Objects): Request {
  const named = Object.entries(concerns ?? {}).flatMap(([kind, place]) =>
    typeof place === 'string' ? [[kind, place] as const] : [],
  );
  const idOf = (parameter: string): string => {
    const kind = named.find(([, place]) => place === `params.${parameter}`)?.[0];
    if (kind) return objects[kind] ?? `no ${kind}`;
    if (parameter === 'customerId') return objects['customer'] ?? '';
    return objects[path.split('/:')[0]?.split('/').at(-1) ?? ''] ?? objects['customer'] ?? '';
  };
  const url = path.replace(/:(\w+)/g, (_, parameter: string) => idOf(parameter));
  if (method === 'GET' || method === 'DELETE') {
    const asked = named.flatMap(([kind, place]) =>
      place.startsWith('query.') ? [`${place.slice('query.'.length)}=${objects[kind] ?? ''}`] : [],
    );
    const query = [QUERIES[path.split('/').at(-1) ?? '']?.slice(1) ?? [], asked].flat().join('&');
    return { method, url: query === '' ? url : `${url}?${query}` };
  }
  const body: Record<string, unknown> = { notAnAttribute: { constructor: 1 } };
  for (const [kind, place] of named) {
    const [from, first = '', second] = place.split('.');
    if (from !== 'body') continue;
    const id = objects[kind] ?? '';
    body[first] = second === undefined ? id : [{ [second]: id, role: 'customer' }];
  }
  return { method, url, payload: body };
}

export async function startMatrix(): Promise<Matrix & { stop(): Promise<void> }> {
  const gateway = await startSmsGateway();
  const world = await startProvinces(6, {
    LOG_LEVEL: 'fatal',
    GUIBIN_REQUESTS_PER_MINUTE: '0',
    GUIBIN_SMS_GATEWAY_URL: gateway.url,
  });
  const stop = async (): Promise<void> => {
    await world.close();
    await gateway.close();
  };
  try {
    const [inside, outside] = PROVINCES;
    const inScope = await objectsOf(world, inside);
    const outOfScope = await objectsOf(world, outside);
    const { members, restore } = await membersOf(world, inScope, (msisdn, nth) => gateway.codeSentTo(msisdn, nth));
    return { ...world, routes: routesOf(world.app), members, restore, inScope, outOfScope, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function objectsOf(world: Provinces, province: Province): Promise<Objects> {
  const { done, customers, units } = world;
  const customer = customers.find((each) => each.province === province);
  if (!customer) throw new Error(`Nobody lives in ${province}`);
  const { customerId } = customer;
  const post = async (url: string, payload: object, headers = {}): Promise<Record<string, string>> =>
    (await done({ method: 'POST', url, payload, headers })).body;
  const ticket = await post('/tmf-api/troubleTicket/v4/troubleTicket', {
    description: 'No signal', severity: 'Minor', ticketType: 'fault', relatedParty: [{ id: customerId, role: 'customer' }],
  }); // prettier-ignore
  const redemption = await post('/care-api/points/v1/redemption', {
    customerId,
    points: 100,
    channel: 'HALL',
    purpose: 'GOODS',
  });
  const contact = await post(`${ROUTING}/contact`, {
    externalCallId: `of ${province}`,
    dialledCode: '10086',
    callerId: customer.msisdn,
  });
  const eventTime = new Date(Date.now() - 3_600_000).toISOString();
  await post('/care-api/intake/v1/recordBatch', {
    kind: 'USG', source: 'BOSS',
    records: [{
      recordId: `U-${province}`, eventTime, msisdn: customer.msisdn, eventType: 'SMS', counterpartyClass: 'ON_NET', durationSec: 0,
      volumeKB: 0, count: 1, feeFen: 10, taxFen: 0, operation: 'NEW', version: 1,
    }],
  }, { ...world.boss, authorization: '' }); // prettier-ignore
  await post('/care-api/intake/v1/recordBatch', {
    kind: 'BIL', source: 'BOSS',
    records: [{
      billNo: `B-${province}`, msisdn: customer.msisdn, cycle: '202601', monthlyFeeFen: 100, payableFen: 100, paidFen: 0,
      arrearsFen: 100, dueDate: '2026-02-20', issuedAt: '2026-02-01T00:00:00+08:00', version: 1,
    }],
  }, { ...world.boss, authorization: '' }); // prettier-ignore
  const { body: usage } = await done({ url: `/tmf-api/usageManagement/v4/usage?relatedParty.id=${customerId}` });
  const subjectExport = await post('/care-api/privacy/v1/subjectExport', {
    customerId,
    reason: '客户来函',
    channel: 'hall',
  });
  const month = businessMonth(new Date());
  const itemisedList = await post('/care-api/billing/v1/itemisedList', { customerId, month });
  const feed = await post('/care-api/feed/v1/feed', { kind: 'TIR', target: province });
  const handledOrder = await post('/care-api/intake/v1/handledOrder', {
    source: 'HALL', orderNo: `O-${province}`, orderType: 'RESUMPTION', msisdn: customer.msisdn, province, handledAt: eventTime,
  }); // prettier-ignore
  const member = await world.colleague(units[province].province, 'viewer');
  const agent = await post(`${ROUTING}/agent`, { kind: 'manager', pool: 'hotline', endpoint: `PJSIP/${province}` });
  const { body: runs } = await done({ url: '/care-api/operations/v1/run?limit=1' });
  const levelException = newId();
  await world.database.query(
    `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
       asked_by, approved_by, recorded_at)
     VALUES ($1, $2, 'GOTONE', 'GOLD', 'at-least', 'media', 'A newspaper', current_date, current_date + 90, 'one', 'another', now())`,
    [customerId, levelException],
  );
  const merchant = await post('/care-api/merchants/v1/merchant', {
    contractNo: `HT-${province}`,
    label: 'A restaurant',
    category: 'RESTAURANT',
  });
  await post('/care-api/tiering/v1/pointsMember', { customerId });
  const card = await post('/care-api/tiering/v1/card', { customerId });
  const membershipTransfer = newId();
  await world.database.query(
    `INSERT INTO tiering.membership_transfer (customer_id, transfer_id, to_customer_id, to_subscription_id, tier, status, reason,
       asked_by, asked_at, approval_id, expires_at, closed_at)
     VALUES ($1, $2, $1, $2, 'GOLD', 'withdrawn', 'Another number', 'one', now(), $2, now(), now())`,
    [customerId, membershipTransfer],
  );
  const pointsTransfer = newId();
  await world.database.query(
    `INSERT INTO points.transfer (customer_id, transfer_id, payee_id, points, status, idem_key, request_hash, channel, asked_by, asked_at,
       business_date, out_journal_id, in_journal_id, ended_at)
     VALUES ($1, $2, $1, 100, 'DONE', 'a transfer', 'of it', 'HALL', 'one', now(), '2026-02-01', $2, $2, now())`,
    [customerId, pointsTransfer],
  );
  const auction = await post('/care-api/points/v1/auction', {
    label: { en: 'Tickets', zh: '门票' }, opensAt: '2030-01-01T10:00:00+08:00', closesAt: '2030-01-08T10:00:00+08:00',
    reservePoints: 1000, stepPoints: 100,
  }); // prettier-ignore
  const factorPercent = { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 };
  const earnRuleDraft = await post('/care-api/points/v1/earnRuleDraft', {
    effectiveFrom: '2099-01-01',
    rules: { fenPerPoint: 100, rounding: 'CEIL', factorPercent, expiry: 'LOT_36_MONTHS', joinAbove: 3500 },
  });
  const campaign = await post('/care-api/points/v1/campaign', {
    code: `OF-${province}`, label: { en: 'Spring', zh: '春季有礼' }, validFrom: '2026-01-01', validUntil: '2099-12-31',
    trigger: 'EVENT', rewardPoints: 100, budgetPoints: 1000,
  }); // prettier-ignore
  const { body: gift } = await done({
    method: 'POST',
    url: '/care-api/points/v1/gift',
    payload: { customerId, points: 10, reasonCode: 'COURTESY', costCentre: 'CC-4401' },
  });
  const { body: files } = await done({ url: '/care-api/intake/v1/file?limit=1' });
  const { body: ruleSets } = await done({ url: '/care-api/tiering/v1/ruleSet?limit=1' });
  const potentialCustomer = newId();
  await world.database.query(
    `INSERT INTO tiering.potential_customer (customer_id, candidate_id, run_id, rule_set_version, level, found_on, last_found_on, lapses_on,
       inputs, reasons)
     VALUES ($1, $2, $2, 'POTENTIAL-2026.1', 'LIKELY', '2026-02-01', '2026-02-01', '2099-01-01', '{}', '[]')`,
    [customerId, potentialCustomer],
  );
  const preview = newId();
  await world.database.query(
    `INSERT INTO tiering.preview (run_id, program, as_of, version, checksum, body, is_yearly, started_at, finished_at)
     SELECT $1, program, '2026-02-01', version, checksum, body, true, now(), now() FROM tiering.rule_set WHERE version = '2026.1'`,
    [preview],
  );
  await world.database.query(
    `INSERT INTO tiering.preview_drop (customer_id, run_id, place, from_tier, to_tier, outcome, ranks_lost, net_spend_fen, decided_by, lowers_on)
     VALUES ($1, $2, 1, 'GOLD', 'SILVER', 'downgraded', 1, 100, 'route GROWTH_VALUE', '2026-02-01')`,
    [customerId, preview],
  );
  const [careTask, careNotice] = [newId(), newId()];
  const [standardAction] = await world.database.query<{ action_id: string }>(
    'SELECT action_id FROM care.standard_action ORDER BY action_id LIMIT 1',
  );
  await world.database.query(
    `INSERT INTO care.task (customer_id, code, occasion, task_id, action_id, tier, made_on, due_on)
     VALUES ($1, 'CALL', 'any', $2, $3, 'GOLD', '2026-02-01', '2026-02-28')`,
    [customerId, careTask, standardAction?.action_id],
  );
  await world.database.query(
    `INSERT INTO care.notice (customer_id, decision_id, kind, notice_id, zh, en, queued_at)
     VALUES ($1, $2, 'upgraded', $2, '金卡', 'gold', now())`,
    [customerId, careNotice],
  );
  const review = newId();
  await world.database.query(
    `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters, status, error, prepared_at, finished_at)
     VALUES ($1, 'tiering.review', $2, '2020-02-01', '{}', 'failed', 'finish: tiering.too-many-downgrades', now(), now())`,
    [review, `of ${province}`],
  );
  await world.database.query(
    `INSERT INTO tiering.review (run_id, program, as_of, rule_set_version, is_yearly, started_at)
     VALUES ($1, 'GOTONE', '2020-02-01', '2026.1', false, now())`,
    [review],
  );
  await world.database.query(
    `INSERT INTO tiering.pending_downgrade (customer_id, run_id, program, decision_id, held_by, rule_set_version, as_of, from_tier, to_tier,
       effective_on, facts, standing, decided_at)
     VALUES ($1, $2, 'GOTONE', $2, $2, '2026.1', '2020-02-01', 'GOLD', 'SILVER', '2020-02-01', '{}', '{}', now())`,
    [customerId, review],
  );
  const [loyalty] = await world.database.query<{ balance: string; earn: string; burn: string }>(
    `SELECT (SELECT concat_ws('~', customer_id, expires_on, points_type, funder_id) FROM points.point_bucket
         WHERE customer_id = $1 AND remaining > 0 LIMIT 1) AS balance,
       (SELECT concat_ws('~', customer_id, journal_id) FROM points.journal WHERE customer_id = $1 AND points > 0 LIMIT 1) AS earn,
       (SELECT concat_ws('~', customer_id, journal_id) FROM points.journal WHERE customer_id = $1 AND points < 0 LIMIT 1) AS burn`,
    [customerId],
  );
  return {
    customer: customerId,
    review,
    loyaltyProgramProductSpec: 'POINTS_PLAN',
    loyaltyBalance: loyalty?.balance ?? '',
    loyaltyEarn: loyalty?.earn ?? '',
    loyaltyBurn: loyalty?.burn ?? '',
    preview,
    ticket: ticket['id'] ?? '',
    redemption: redemption['id'] ?? '',
    contact: contact['id'] ?? '',
    usage: usage[0]?.id,
    usageSpecification: 'USG-SMS',
    itemisedList: itemisedList['id'] ?? '',
    handledOrder: handledOrder['id'] ?? '',
    customerBill: `${customerId}~BOSS~B-${province}`,
    subjectExport: subjectExport['id'] ?? '',
    subjectRequest: subjectExport['subjectRequestId'] ?? '',
    approval: subjectExport['approvalId'] ?? '',
    staff: member.staffId,
    unit: units[province].province,
    agent: agent['id'] ?? '',
    run: runs[0].id,
    file: files[0].id,
    ruleSet: ruleSets[0].id,
    program: 'GOTONE',
    benefit: 'AIRPORT_LOUNGE',
    catalogueItem: 'LOUNGE_VISIT',
    levelException,
    potentialCustomer,
    careTask,
    careNotice,
    standardAction: standardAction?.action_id ?? '',
    receiver: customerId,
    card: card['id'] ?? '',
    merchant: merchant['id'] ?? '',
    membershipTransfer,
    pointsTransfer,
    earnRuleDraft: earnRuleDraft['id'] ?? '',
    campaign: campaign['id'] ?? '',
    manualEntry: gift.entry.id,
    auction: auction['id'] ?? '',
    feed: feed['id'] ?? '',
    liability: '2026-01',
    analysis: '2026-01',
  };
}

async function membersOf(
  world: Provinces,
  inScope: Objects,
  codeOf: (msisdn: string, nth: number) => Promise<string>,
): Promise<Pick<Matrix, 'members' | 'restore'>> {
  const { done, units } = world;
  const { body } = await done({ url: `${ORGANIZATION}/role?limit=100` });
  const scopes = await world.database.query<{ role: string; scope: Role['scope'] }>(
    'SELECT role, scope FROM organization.role',
  );
  const roles: readonly Role[] = body.map((role: { id: string; permissions: string[]; isForSystems: boolean }) => ({
    name: role.id,
    scope: scopes.find((each) => each.role === role.id)?.scope ?? 'unit',
    permissions: role.permissions,
    isForSystems: role.isForSystems,
  }));
  let manager = '';
  const restore = (): Promise<unknown> =>
    world.database.query('UPDATE customers.customer SET manager_id = $1 WHERE customer_id = $2', [
      manager,
      inScope['customer'],
    ]);
  const members = await Promise.all(
    roles.map(async (role): Promise<Member> => {
      let headers: Credentials = {};
      const renew = async (): Promise<void> => {
        if (role.scope === 'self') headers = await asCustomer(world, inScope['customer'] ?? '', codeOf);
        else if (role.isForSystems) headers = await asSystem(world, role.name);
        else {
          const member = await world.colleague(units['440000'].province, role.name);
          headers = member.credentials;
          if (role.scope === 'portfolio') manager = member.staffId;
        }
      };
      await renew();
      return { role, headers: () => headers, renew };
    }),
  );
  await restore();
  return { members, restore };
}

let keys = 0;
async function asSystem({ done }: Provinces, role: string): Promise<Credentials> {
  const payload = { name: `${role} of one province ${++keys}`, role, source: `M${keys}`, provinces: ['440000'] };
  const { body } = await done({ method: 'POST', url: `${ORGANIZATION}/apiKey`, payload });
  return { 'x-api-key': body.key };
}

async function asCustomer(
  { call, customers, database }: Provinces,
  customerId: string,
  codeOf: (msisdn: string, nth: number) => Promise<string>,
): Promise<Credentials> {
  const msisdn = customers.find((each) => each.customerId === customerId)?.msisdn ?? '';
  const area = '/care-api/customers/v1';
  // As if the last one had been long ago.
  const [sent] = await database.query<{ codes: number }>('SELECT count(*)::int AS codes FROM customers.one_time_code');
  await database.query(`UPDATE customers.one_time_code SET requested_at = requested_at - interval '2 days'`);
  const asked = await call({ method: 'POST', url: `${area}/oneTimeCode`, payload: { msisdn, purpose: 'SIGN_IN' } });
  if (asked.status !== 202) throw new Error(asked.text);
  const opened = await call({
    method: 'POST',
    url: `${area}/customerSession`,
    payload: { msisdn, code: await codeOf(msisdn, (sent?.codes ?? 0) + 1) },
  });
  if (!opened.body?.accessToken) throw new Error(opened.text);
  return { authorization: `Bearer ${opened.body.accessToken}` };
}

// — On paper —

const kindsOf = ({ concerns }: Route): string =>
  Object.entries(concerns ?? {})
    .flatMap(([kind, place]) => (typeof place === 'string' ? [kind] : []))
    .join(', ');

/** What stands in docs/access-matrix.md. */
export function markdownOf(routes: readonly Route[], roles: readonly Role[]): string {
  const shown = routes.filter(({ access }) => access !== 'public').sort((a, b) => order(a, b));
  const open = routes.filter(({ access }) => access === 'public');
  const cell = (route: Route, role: Role): string => {
    const expected = expectedOf(route, { role }, false);
    if (expected === isLetIn) return role.scope === 'self' ? 'own' : route.concerns ? 'scope' : 'yes';
    return expected.code === 'access.whole-operator-only' ? 'whole' : '';
  };
  const permissionOf = ({ access }: Route): string =>
    access === undefined || access === 'public' ? '' : access.permission;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `# Who may call what

Made from the routes and from the roles in a new database by \`ACCESS_MATRIX=write npm run jest -- test/api/access-matrix.spec.ts\`; the
same test asks every route as every role, in and out of scope, and compares. Every refusal is in the access register.

- **scope**: about customers (or units, staff) in the caller's scope; what is outside is answered as if it did not exist (404).
- **yes**: names nobody; what it lists is cut to the caller's scope.
- **whole**: only callers whose scope is the whole operator.
- **own**: customers, about themselves.
- empty: 403. Without or with bad credentials everything is 401, but: ${open
    .map(({ method, path }) => `\`${method} ${path}\``)
    .sort()
    .join(', ')}.

${line(['Route', 'Permission', 'Names', ...roles.map(({ name }) => name)])}${line(['---', '---', '---', ...roles.map(() => ':-:')])}${shown
    .map((route) =>
      line([
        `\`${route.method} ${route.path}\``,
        permissionOf(route),
        kindsOf(route),
        ...roles.map((role) => cell(route, role)),
      ]),
    )
    .join('')}
## Roles

${line(['Role', 'Sees', 'Permissions'])}${line(['---', '---', '---'])}${roles
    .map(({ name, scope, permissions }) => line([name, SEES[scope], [...permissions].sort().join(', ')]))
    .join('')}`;
}

const SEES = { unit: 'its unit and all below', portfolio: 'the own customers', self: 'himself' } as const;
const order = (a: Route, b: Route): number => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1);
