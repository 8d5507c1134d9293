import { TOTP } from 'otpauth';
import { PublishFiles } from '../../src/modules/boss-feed/application/publish-files.js';
import { CustomersFacade } from '../../src/modules/customers/index.js';
import { PointsFacade } from '../../src/modules/points/index.js';
import { sealCard } from '../../src/modules/points/persistence/exchange/sealed-cards.js';
import { businessDate, businessMonth } from '../../src/platform/clock/index.js';
import { newId, Transaction } from '../../src/platform/database/index.js';
import { routesOf } from '../../src/platform/http/index.js';
import { aUsage, usageFile, fileText } from '../modules/usage/support/boss-file.js';
import type { Credentials } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';
import { startSmsGateway, type SmsGateway } from '../support/sms-gateway.js';
import { NUMBERS, sendFile, startWorld, type World } from './world.js';

const PASSWORD = 'a long phrase that nobody guesses';
const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const TICKET = '/tmf-api/troubleTicket/v4/troubleTicket';
const USAGE = '/tmf-api/usageManagement/v4/usage';
const SPECIFICATION = '/tmf-api/usageManagement/v4/usageSpecification';
const BENEFITS = '/care-api/benefits/v1';
const MERCHANTS = '/care-api/merchants/v1';
const BILLING = '/care-api/billing/v1';
const CARE = '/care-api/care/v1';
const CUSTOMERS = '/care-api/customers/v1';
const FEED = '/care-api/feed/v1';
const INTAKE = '/care-api/intake/v1';
const OPERATIONS = '/care-api/operations/v1';
const ORGANIZATION = '/care-api/organization/v1';
const POINTS = '/care-api/points/v1';
const PRIVACY = '/care-api/privacy/v1';
const ROUTING = '/care-api/routing/v1';
const TICKETS = '/care-api/tickets/v1';
const TIERING = '/care-api/tiering/v1';
const RULE_SET = `${TIERING}/ruleSet`;

/** Asked by POST, so that no number gets into an address; they change nothing. */
const LOOKS = [
  `POST ${CUSTOMERS}/customerSearch`,
  `POST ${CUSTOMERS}/numberCheck`,
  `POST ${CUSTOMERS}/customerDisclosure`,
  `POST ${ORGANIZATION}/registerVerification`,
  `POST ${INTAKE}/reject/:id/disclosure`,
  `POST ${TIERING}/card/search`,
  `POST ${TIERING}/card/:id/disclosure`,
  `POST ${POINTS}/quote`,
  `POST ${POINTS}/smsQuestion`,
  `POST ${POINTS}/voiceQuestion`,
];

interface Scene extends World {
  readonly supervisor: Credentials;
  readonly clerk: Credentials;
  readonly gateway: SmsGateway;
  /** What was made on the way. */
  readonly made: Record<string, Answer['body']>;
}

type Step = (scene: Scene) => Promise<Answer>;
const as = (scene: Scene, who: Credentials, method: string, url: string, payload?: unknown): Promise<Answer> =>
  scene.call({ method, url, payload, headers: { ...who } });
const keep = async (scene: Scene, name: string, answer: Promise<Answer>): Promise<Answer> => {
  const { body } = await answer;
  scene.made[name] = body;
  return answer;
};
const exportOf = (scene: Scene): Promise<Answer> =>
  as(scene, scene.clerk, 'POST', `${PRIVACY}/subjectExport`, { customerId: scene.customers.rich, reason: '本人申请' });
const decide =
  (verb: string): Step =>
  async (scene) => {
    const { approvalId } = (await exportOf(scene)).body;
    const who = verb === 'withdraw' ? scene.clerk : scene.supervisor;
    return as(
      scene,
      who,
      'POST',
      `${ORGANIZATION}/approval/${approvalId}/${verb}`,
      verb === 'reject' ? { comment: 'no' } : {},
    );
  };
const anUmbrella = (scene: Scene): Promise<Answer> =>
  scene.ask({
    method: 'POST',
    url: `${POINTS}/account/${scene.customers.rich}/order`,
    payload: { itemId: 'UMBRELLA', channel: 'HALL' },
  });
const A_DAY = { source: 'BOSS', kind: 'USG', province: '440000', businessDate: '2026-02-01' };
const SAID = { records: 1, feeFen: 20, minutes: 2, volumeKB: 0 };
const closed = (scene: Scene, day: string): Promise<Answer> =>
  scene.ask({
    method: 'PATCH',
    url: `${INTAKE}/reconciliation/${day}`,
    payload: { state: 'CLOSED', reason: 'both sides agree' },
  });
const decided = (scene: Scene, held: string, decision: string): Promise<Answer> =>
  scene.ask({
    method: 'POST',
    url: `${INTAKE}/heldRecord/${held}/${decision}`,
    payload: { reason: 'agreed with them' },
  });
const pushed = (scene: Scene, record: object): Promise<Answer> =>
  as(scene, scene.boss, 'POST', `${INTAKE}/recordBatch`, {
    kind: 'USG',
    source: 'BOSS',
    records: [{ ...aUsage({ msisdn: NUMBERS.rich, eventTime: new Date().toISOString() }), ...record }],
  });
const offered = (scene: Scene, nth: string): Promise<Answer['body']> =>
  eventually(async () => {
    const { body } = await as(scene, scene.pbx, 'GET', `${ROUTING}/contact/${scene.made[nth].id}`);
    return body.reservation?.state === 'pending' && body;
  });
const contact = (scene: Scene, name: string): Promise<Answer> =>
  keep(
    scene,
    name,
    as(scene, scene.pbx, 'POST', `${ROUTING}/contact`, {
      externalCallId: name,
      dialledCode: '10086',
      callerId: NUMBERS.rich,
    }),
  );
const bearer = (token: string): Credentials => ({ authorization: `Bearer ${token}` });
const signedIn = async (scene: Scene, name: string, login: string): Promise<Credentials> => {
  const answer = await keep(
    scene,
    name,
    scene.call({ method: 'POST', url: `${ORGANIZATION}/session`, payload: { login, password: PASSWORD } }),
  );
  return bearer(answer.body.accessToken);
};
const customerSession = async (scene: Scene, person: 'rich' | 'poor'): Promise<Answer> => {
  const payload = { msisdn: NUMBERS[person], code: await scene.gateway.codeSentTo(NUMBERS[person]) };
  return keep(
    scene,
    `session of ${person}`,
    scene.call({ method: 'POST', url: `${CUSTOMERS}/customerSession`, payload }),
  );
};
const ruleApprover = (scene: Scene): Promise<Credentials> => scene.staff('rule-approver');
const oneTimeCode = (scene: Scene, person: 'rich' | 'poor'): Promise<Answer> =>
  scene.call({
    method: 'POST',
    url: `${CUSTOMERS}/oneTimeCode`,
    payload: { msisdn: NUMBERS[person], purpose: 'SIGN_IN' },
  });

const candidate = async (scene: Scene, person: 'rich' | 'poor'): Promise<string> => {
  const id = newId();
  await scene.database.query(
    `INSERT INTO tiering.potential_customer (customer_id, candidate_id, run_id, rule_set_version, level, found_on, last_found_on, lapses_on,
       inputs, reasons)
     VALUES ($1, $2, $2, 'POTENTIAL-2026.1', 'LIKELY', '2026-02-01', '2026-02-01', '2099-01-01', '{}', '[]')`,
    [scene.customers[person], id],
  );
  return `${TIERING}/potentialCustomer/${id}`;
};

const careTask = async (scene: Scene): Promise<string> => {
  const id = newId();
  await scene.database.query(
    `INSERT INTO care.task (customer_id, code, occasion, task_id, action_id, tier, made_on, due_on)
     SELECT $1, code, $2::uuid::text, $2::uuid, action_id, tier, '2026-02-01', '2026-02-28' FROM care.standard_action LIMIT 1`,
    [scene.customers.rich, id],
  );
  return `${CARE}/task/${id}`;
};

/** How each operation that changes something succeeds, in an order in which it can. */
const STEPS: Readonly<Record<string, Step>> = {
  [`POST ${CUSTOMER}`]: (s) =>
    keep(s, 'customer', s.ask({ method: 'POST', url: CUSTOMER, payload: { name: '王小红', engagedParty: {} } })),
  [`PATCH ${CUSTOMER}/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['customer'].href, payload: { favouriteHall: '440100-03' } }),
  [`DELETE ${CUSTOMER}/:id`]: (s) => s.ask({ method: 'DELETE', url: s.made['customer'].href }),
  [`POST ${CUSTOMERS}/consent`]: (s) =>
    as(s, s.clerk, 'POST', `${CUSTOMERS}/consent`, {
      customerId: s.customers.rich,
      purpose: 'profile.personal',
      entry: 'GIVEN',
      textVersion: 1,
      channel: 'HALL',
      proof: 'form 2026-000123',
    }),
  [`POST ${CUSTOMERS}/realNameVerification`]: (s) =>
    as(s, s.clerk, 'POST', `${CUSTOMERS}/realNameVerification`, {
      customerId: s.customers.poor,
      documentKind: 'PASSPORT',
      documentNumber: 'E12345678',
    }),
  [`POST ${CUSTOMERS}/group/:groupId/member`]: async (s) => {
    const payload = { name: 'School', engagedParty: { '@referredType': 'Organization' } };
    await keep(s, 'group', s.ask({ method: 'POST', url: CUSTOMER, payload }));
    return s.ask({
      method: 'POST',
      url: `${CUSTOMERS}/group/${s.made['group'].id}/member`,
      payload: { memberId: s.customers.rich },
    });
  },
  [`DELETE ${CUSTOMERS}/group/:groupId/member/:memberId`]: (s) =>
    s.ask({ method: 'DELETE', url: `${CUSTOMERS}/group/${s.made['group'].id}/member/${s.customers.rich}` }),
  [`POST ${CUSTOMERS}/oneTimeCode`]: (s) => oneTimeCode(s, 'rich'),
  [`POST ${CUSTOMERS}/customerSession`]: (s) => customerSession(s, 'rich'),
  [`DELETE ${CUSTOMERS}/customerSession/current`]: (s) =>
    as(s, bearer(s.made['session of rich'].accessToken), 'DELETE', `${CUSTOMERS}/customerSession/current`),
  [`DELETE ${CUSTOMERS}/customerSession`]: async (s) => {
    await oneTimeCode(s, 'poor');
    const { body } = await customerSession(s, 'poor');
    return as(s, bearer(body.accessToken), 'DELETE', `${CUSTOMERS}/customerSession`);
  },
  [`POST ${CUSTOMERS}/callerVerificationCode`]: (s) =>
    as(s, s.agent, 'POST', `${CUSTOMERS}/callerVerificationCode`, { customerId: s.customers.suspended }),
  [`POST ${CUSTOMERS}/callerVerification`]: async (s) => {
    const answer = await s.gateway.codeSentTo(NUMBERS.suspended);
    const asked = { customerId: s.customers.suspended, method: 'ONE_TIME_CODE', answer };
    return as(s, s.agent, 'POST', `${CUSTOMERS}/callerVerification`, asked);
  },

  [`PATCH ${BILLING}/billPreference/:customerId`]: (s) =>
    as(s, s.clerk, 'PATCH', `${BILLING}/billPreference/${s.customers.rich}`, { layout: 'DETAILED' }),
  [`POST ${BILLING}/itemisedList`]: (s) =>
    as(s, s.clerk, 'POST', `${BILLING}/itemisedList`, {
      customerId: s.customers.rich,
      month: businessMonth(new Date()),
    }),

  [`POST ${INTAKE}/recordBatch`]: (s) =>
    as(s, s.boss, 'POST', `${INTAKE}/recordBatch`, {
      kind: 'USG',
      source: 'BOSS',
      records: [
        {
          recordId: 'U-9',
          eventTime: '2026-11-20T10:00:00+08:00',
          msisdn: NUMBERS.rich,
          eventType: 'VOICE_MO',
          counterpartyClass: 'ON_NET',
          durationSec: 61,
          feeFen: 20,
          operation: 'NEW',
          version: 1,
        },
      ],
    }),
  [`POST ${INTAKE}/source`]: (s) =>
    s.ask({ method: 'POST', url: `${INTAKE}/source`, payload: { source: 'BBOSS', filesAtOnce: 2 } }),
  [`PATCH ${INTAKE}/source/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: `${INTAKE}/source/BBOSS`, payload: { recordsPerMinute: 600_000 } }),
  [`PATCH ${INTAKE}/alarm/:id`]: async (s) => {
    const { name, text } = fileText({ kind: 'PAY', sequence: 2, lines: [] });
    const headers = { ...s.boss, 'content-type': 'text/csv' };
    await s.call({ method: 'POST', url: `${INTAKE}/file?name=${name}`, payload: text, headers });
    const { body } = await s.ask({ url: `${INTAKE}/alarm?isStanding=true&recordKind=PAY` });
    return s.ask({ method: 'PATCH', url: `${INTAKE}/alarm/${body[0].id}`, payload: { isAcknowledged: true } });
  },
  [`POST ${INTAKE}/handledOrder`]: (s) =>
    keep(s, 'order', s.ask({
      method: 'POST', url: `${INTAKE}/handledOrder`,
      payload: {
        source: 'HALL', orderNo: 'O-1', orderType: 'TARIFF_CHANGE', msisdn: NUMBERS.rich, province: '440000',
        handledAt: '2025-02-01T10:00:00+08:00', expected: { tariffCode: 'T128' },
      },
    })), // prettier-ignore
  [`POST ${INTAKE}/handledOrder/:id/comparison`]: (s) =>
    s.ask({ method: 'POST', url: `${INTAKE}/handledOrder/${s.made['order'].id}/comparison`, payload: {} }),
  [`PATCH ${INTAKE}/handledOrder/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['order'].href, payload: { resolution: 'ORDER_WRONG' } }),
  [`POST ${INTAKE}/file`]: (s) => {
    const { name, text } = usageFile([aUsage({ msisdn: NUMBERS.rich, eventTime: '2026-01-15T10:00:00+08:00' })], {
      date: '20260201',
      sequence: 1,
    });
    return s.call(sendFile(name, text, s.boss));
  },
  [`POST ${INTAKE}/statement`]: (s) => as(s, s.boss, 'POST', `${INTAKE}/statement`, { ...A_DAY, ...SAID }),
  [`POST ${INTAKE}/statementDetail`]: (s) =>
    s.call({
      method: 'POST',
      url: `${INTAKE}/statementDetail?${new URLSearchParams(A_DAY).toString()}`,
      payload: 'D|U-1|1|20|2|0\n',
      headers: { ...s.boss, 'content-type': 'text/csv' },
    }),
  [`POST ${INTAKE}/reconciliation`]: (s) => s.ask({ method: 'POST', url: `${INTAKE}/reconciliation`, payload: A_DAY }),
  [`PATCH ${INTAKE}/reconciliation/:id`]: (s) => closed(s, 'BOSS-USG-440000-2026-02-01'),
  [`PATCH ${INTAKE}/reconciliationDifference/:id`]: async (s) => {
    const bills = { ...A_DAY, kind: 'BIL' };
    await s.done({ method: 'POST', url: `${INTAKE}/statement`, payload: { ...bills, ...SAID } });
    await s.done({ method: 'POST', url: `${INTAKE}/reconciliation`, payload: bills });
    const { body } = await s.done({ url: `${INTAKE}/reconciliationDifference?kind=BIL` });
    return s.ask({ method: 'PATCH', url: body[0].href, payload: { resolution: 'their count was of another day' } });
  },
  [`POST ${INTAKE}/monthClosing`]: async (s) => {
    await closed(s, 'BOSS-SUB-440000-2026-01-01');
    return s.ask({
      method: 'POST',
      url: `${INTAKE}/monthClosing`,
      payload: { month: '2026-01', reason: 'all is well' },
    });
  },
  [`PATCH ${INTAKE}/reject/:id`]: async (s) => {
    await pushed(s, { recordId: 'U-wrong', counterpartyClass: 'OFFNET_CU' });
    const { body } = await s.done({ url: `${INTAKE}/reject?recordId=U-wrong` });
    return s.ask({ method: 'PATCH', url: body[0].href, payload: { state: 'DISMISSED', reason: 'a test' } });
  },
  [`POST ${INTAKE}/rejectReplay`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${INTAKE}/rejectReplay`,
      payload: {
        filter: { kind: 'USG', code: 'E_FORMAT' },
        fixes: [{ field: 'counterpartyClass', map: { OFFNET_CU: 'OFF_NET_CU' } }],
        reason: 'their new word',
      },
    }),
  [`POST ${INTAKE}/heldRecord/:id/release`]: async (s) => {
    await pushed(s, { recordId: 'U-late', eventTime: '2026-01-20T10:00:00+08:00' });
    return decided(s, 'BOSS-USG-1-U-late', 'release');
  },
  [`POST ${INTAKE}/heldRecord/:id/dismissal`]: async (s) => {
    await pushed(s, { recordId: 'U-nobody', msisdn: '13900000000' });
    return decided(s, 'BOSS-USG-1-U-nobody', 'dismissal');
  },
  [`POST ${USAGE}`]: (s) =>
    keep(
      s,
      'usage',
      as(s, s.boss, 'POST', USAGE, {
        usageDate: '2026-11-20T10:00:00+08:00',
        usageType: 'VOICE_MO',
        usageCharacteristic: [
          { name: 'recordId', value: 'U-10' },
          { name: 'msisdn', value: NUMBERS.rich },
          { name: 'counterpartyClass', value: 'ON_NET' },
        ],
      }),
    ),
  [`PATCH ${USAGE}/:id`]: (s) => keep(s, 'usage', as(s, s.boss, 'PATCH', s.made['usage'].href, { usageType: 'SMS' })),
  [`DELETE ${USAGE}/:id`]: (s) => as(s, s.boss, 'DELETE', s.made['usage'].href),
  [`POST ${SPECIFICATION}`]: (s) =>
    keep(s, 'specification', s.ask({ method: 'POST', url: SPECIFICATION, payload: { name: 'Cell usage' } })),
  [`PATCH ${SPECIFICATION}/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['specification'].href, payload: { lifecycleStatus: 'Retired' } }),
  [`DELETE ${SPECIFICATION}/:id`]: (s) => s.ask({ method: 'DELETE', url: s.made['specification'].href }),

  [`POST ${TIERING}/program`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${TIERING}/program`,
      payload: {
        program: 'VALUE_SOUTH',
        kind: 'value-model',
        label: { en: 'The south', zh: '南方' },
        scale: ['A', 'B'],
      },
    }),
  [`POST ${RULE_SET}`]: async (s) => {
    const { body } = (await s.done({ url: `${RULE_SET}/2026.1` })).body;
    const payload = { version: '2030.1', effectiveFrom: '2029-01-01', body };
    return keep(s, 'rule set', s.ask({ method: 'POST', url: RULE_SET, payload }));
  },
  [`PATCH ${RULE_SET}/:version`]: (s) => {
    const { href, checksum } = s.made['rule set'];
    return s.ask({ method: 'PATCH', url: href, payload: { checksum, effectiveFrom: '2030-01-01' } });
  },
  [`POST ${RULE_SET}/:version/copy`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${s.made['rule set'].href}/copy`,
      payload: { version: '2031.1', effectiveFrom: '2031-01-01' },
    }),
  [`POST ${RULE_SET}/import`]: async (s) => {
    const { body } = await s.done({ url: `${s.made['rule set'].href}/export` });
    return s.ask({ method: 'POST', url: `${RULE_SET}/import`, payload: { ...body, version: '2032.1' } });
  },
  [`POST ${RULE_SET}/:version/withdraw`]: (s) =>
    s.ask({ method: 'POST', url: `${RULE_SET}/2031.1/withdraw`, payload: { reason: '方案取消' } }),
  [`POST ${RULE_SET}/:version/simulate`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['rule set'].href}/simulate`, payload: {} }),
  [`POST ${RULE_SET}/:version/approve`]: async (s) => {
    const { href, checksum } = s.made['rule set'];
    const previewRunId = newId();
    await s.database.query(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters, rule_version, status, summary, finished_at)
       VALUES ($1, 'tiering.preview', 'as if', '2026-02-01', '{}', '2030.1', 'completed', $2, $3)`,
      [previewRunId, JSON.stringify({ ruleSetChecksum: checksum }), new Date()],
    );
    await s.database.query(`UPDATE tiering.rule_set SET status = 'simulated' WHERE version = '2030.1'`);
    return as(s, await ruleApprover(s), 'POST', `${href}/approve`, { checksum, previewRunId, reason: '评审通过' });
  },
  [`POST ${RULE_SET}/:version/activate`]: async (s) =>
    as(s, await ruleApprover(s), 'POST', `${s.made['rule set'].href}/activate`, {}),
  [`POST ${RULE_SET}/:version/rollBack`]: async (s) =>
    as(s, await ruleApprover(s), 'POST', `${s.made['rule set'].href}/rollBack`, { reason: '误伤过多' }),
  [`POST ${POINTS}/redemption`]: (s) =>
    keep(
      s,
      'redemption',
      s.ask({
        method: 'POST',
        url: `${POINTS}/redemption`,
        payload: { customerId: s.customers.rich, points: 300, channel: 'HOTLINE', purpose: 'GOODS' },
      }),
    ),
  [`POST ${POINTS}/catalogueItem`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${POINTS}/catalogueItem`,
      payload: {
        itemId: 'UMBRELLA',
        kind: 'GOODS',
        label: { en: 'Umbrella', zh: '雨伞' },
        points: 100,
        validFrom: '2020-01-01',
      },
    }),
  [`PATCH ${POINTS}/catalogueItem/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: `${POINTS}/catalogueItem/UMBRELLA`, payload: { perPointsYear: 9 } }),
  [`POST ${POINTS}/catalogueItem/:id/delivery`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${POINTS}/catalogueItem/UMBRELLA/delivery`,
      payload: { deliveryNo: 'DN-1', quantity: 9 },
    }),
  [`POST ${POINTS}/account/:customerId/order`]: (s) => keep(s, 'points order', anUmbrella(s)),
  [`POST ${POINTS}/account/:customerId/order/:id/handover`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['points order'].href}/handover` }),
  [`POST ${POINTS}/account/:customerId/order/:id/cancellation`]: async (s) =>
    s.ask({ method: 'POST', url: `${(await anUmbrella(s)).body.href}/cancellation` }),
  [`POST ${POINTS}/account/:customerId/order/:id/card`]: async (s) => {
    // As if BOSS had delivered one.
    const { id: orderId, customerId, href } = s.made['points order'];
    const customers = s.app.get(CustomersFacade, { strict: false });
    const sealed = await s.app.get(Transaction, { strict: false }).run(async (tx) => {
      const seals = await customers.sealsToWrite(tx, [customerId], new Date());
      return sealCard(seals, { customerId, orderId }, { cardNumber: '1', secret: '2' });
    });
    await s.database.query('UPDATE points.exchange_order SET card_sealed = $2 WHERE order_id = $1', [orderId, sealed]);
    return s.ask({ method: 'POST', url: `${href}/card` });
  },
  [`POST ${POINTS}/account/:customerId/order/:id/decision`]: async (s) => {
    // As if BOSS had been silent for long.
    const { id: orderId, customerId, href } = (await anUmbrella(s)).body;
    await s.database.query(`UPDATE points.exchange_order SET kind = 'MOBILE_PRODUCT' WHERE order_id = $1`, [orderId]);
    await s.database.query(
      `INSERT INTO points.order_to_send (order_id, customer_id, product, value_fen, next_attempt_at, waits_since)
       VALUES ($1, $2, 'CARD50', 5000, '2026-01-01', '2026-01-01')`,
      [orderId, customerId],
    );
    const payload = { decision: 'GIVEN_BACK', reason: 'BOSS has no such order' };
    return s.ask({ method: 'POST', url: `${href}/decision`, payload });
  },
  [`POST ${BENEFITS}/customer/:customerId/exchange`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${BENEFITS}/customer/${s.customers.rich}/exchange`,
      payload: { itemId: 'SIM_BACKUP_ONCE', channel: 'HALL' },
    }),
  [`POST ${POINTS}/redemption/:id/reversal`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['redemption'].href}/reversal`, payload: { channel: 'HOTLINE' } }),

  [`POST ${POINTS}/management/ledgerMonth`]: (s) =>
    s.ask({ method: 'POST', url: `${POINTS}/management/ledgerMonth`, payload: { month: '2020-01' } }),
  [`POST ${POINTS}/management/breakageRateSet`]: (s) => {
    const payload = { effectiveFrom: '2999-01-01', rate: [{ pointsType: 'GIFT', yearsLeftBp: [100] }], reason: '估算' };
    return s.ask({ method: 'POST', url: `${POINTS}/management/breakageRateSet`, payload });
  },
  [`POST ${POINTS}/management/budget`]: (s) => {
    const payload = { pointsYear: 2999, kind: 'GOODS', hardPoints: 1_000 };
    return keep(s, 'points budget', s.ask({ method: 'POST', url: `${POINTS}/management/budget`, payload }));
  },
  [`PATCH ${POINTS}/management/budget/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['points budget'].href, payload: { hardPoints: 2_000 } }),
  [`POST ${POINTS}/deduction`]: (s) => {
    const payload = { customerId: s.customers.rich, points: 10, purpose: 'GOODS', serialNumber: 'D1', source: 'BOSS' };
    return s.ask({ method: 'POST', url: `${POINTS}/deduction`, payload });
  },
  [`POST ${POINTS}/deductionDay`]: (s) => {
    const payload = { businessDate: '2026-02-01', source: 'BOSS', deduction: [] };
    return s.ask({ method: 'POST', url: `${POINTS}/deductionDay`, payload });
  },
  [`POST ${POINTS}/earnRuleDraft`]: (s) => {
    const factorPercent = { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 };
    const rules = { fenPerPoint: 100, rounding: 'CEIL', factorPercent, expiry: 'LOT_36_MONTHS', joinAbove: 3500 };
    const payload = { effectiveFrom: '2099-01-01', rules };
    return keep(s, 'earn rules', s.ask({ method: 'POST', url: `${POINTS}/earnRuleDraft`, payload }));
  },
  [`PATCH ${POINTS}/earnRuleDraft/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['earn rules'].href, payload: { effectiveFrom: '2099-02-01' } }),
  [`POST ${POINTS}/earnRuleDraft/:id/proposal`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['earn rules'].href}/proposal`, payload: { reason: '年度规划' } }),
  [`POST ${POINTS}/campaign`]: (s) => {
    const payload = {
      ...{ code: 'SPRING', label: { en: 'Spring', zh: '春季有礼' }, validFrom: '2026-01-01', validUntil: '2099-12-31' },
      ...{ trigger: 'EVENT', rewardPoints: 100, budgetPoints: 1000 },
    };
    return keep(s, 'campaign', s.ask({ method: 'POST', url: `${POINTS}/campaign`, payload }));
  },
  [`PATCH ${POINTS}/campaign/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['campaign'].href, payload: { budgetPoints: 2000 } }),
  [`POST ${POINTS}/campaign/:id/proposal`]: (s) => {
    const payload = { reason: '年度规划' };
    const asked = s.ask({ method: 'POST', url: `${s.made['campaign'].href}/proposal`, payload });
    return keep(s, 'campaign proposal', asked);
  },
  [`POST ${POINTS}/campaign/:id/grant`]: async (s) => {
    await as(s, await ruleApprover(s), 'POST', `${s.made['campaign proposal'].approvalHref}/approve`, {});
    const payload = { customerId: s.customers.rich, reference: 'order-1' };
    return as(s, s.clerk, 'POST', `${s.made['campaign'].href}/grant`, payload);
  },
  [`POST ${POINTS}/campaign/:id/stop`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['campaign'].href}/stop`, payload: { reason: '活动结束' } }),
  [`POST ${POINTS}/gift`]: (s) =>
    as(s, s.clerk, 'POST', `${POINTS}/gift`, {
      ...{ customerId: s.customers.rich, points: 10, reasonCode: 'COURTESY', costCentre: 'CC-4401' },
    }),
  [`POST ${POINTS}/adjustment`]: (s) =>
    as(s, s.supervisor, 'POST', `${POINTS}/adjustment`, {
      ...{ customerId: s.customers.rich, points: -10, reasonCode: 'WRONG_POINTS', costCentre: 'CC-4401' },
    }),
  [`POST ${POINTS}/account/:customerId/freeze`]: (s) =>
    as(s, s.supervisor, 'POST', `${POINTS}/account/${s.customers.rich}/freeze`, { reasonCode: 'DISPUTE' }),
  [`POST ${POINTS}/account/:customerId/unfreeze`]: (s) =>
    as(s, s.supervisor, 'POST', `${POINTS}/account/${s.customers.rich}/unfreeze`, { reasonCode: 'SETTLED' }),
  [`POST ${POINTS}/expiryBatch/:id/reversal`]: async (s) => {
    const batchId = newId();
    await s.database.query(
      `INSERT INTO points.expiry_batch (batch_id, is_preview, as_of, grace_days, expires_before, started_at, finished_at)
       VALUES ($1, false, '2026-01-01', 0, '2026-01-01', now(), now())`,
      [batchId],
    );
    const usableUntil = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const payload = { usableUntil, reason: 'a month too early' };
    return s.ask({ method: 'POST', url: `${POINTS}/expiryBatch/${batchId}/reversal`, payload });
  },
  [`POST ${POINTS}/account/:customerId/payee`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${POINTS}/account/${s.customers.rich}/payee`,
      payload: { payeeId: s.customers.poor, relation: 'FAMILY' },
    }),
  [`POST ${POINTS}/transfer`]: async (s) => {
    await s.database.query(`UPDATE points.payee SET active_from = registered_at - interval '1 day'`);
    const payload = { customerId: s.customers.rich, payeeId: s.customers.poor, points: 10, channel: 'HALL' };
    return s.ask({ method: 'POST', url: `${POINTS}/transfer`, payload });
  },
  [`DELETE ${POINTS}/account/:customerId/payee/:payeeId`]: (s) =>
    s.ask({ method: 'DELETE', url: `${POINTS}/account/${s.customers.rich}/payee/${s.customers.poor}` }),
  [`PUT ${POINTS}/account/:customerId/transferWatch`]: (s) =>
    s.ask({
      method: 'PUT',
      url: `${POINTS}/account/${s.customers.rich}/transferWatch`,
      payload: { reasonCode: 'DISPUTE' },
    }),
  [`DELETE ${POINTS}/account/:customerId/transferWatch`]: (s) =>
    s.ask({ method: 'DELETE', url: `${POINTS}/account/${s.customers.rich}/transferWatch` }),
  [`POST ${POINTS}/auction`]: (s) => {
    const now = Date.now();
    const [opensAt, closesAt] = [now - 60_000, now + 3_600_000].map((at) => new Date(at).toISOString());
    const payload = { label: { en: 'Tickets', zh: '门票' }, opensAt, closesAt, reservePoints: 10, stepPoints: 1 };
    return keep(s, 'auction', s.ask({ method: 'POST', url: `${POINTS}/auction`, payload }));
  },
  [`POST ${POINTS}/auction/:id/bid`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${s.made['auction'].href}/bid`,
      payload: { customerId: s.customers.rich, points: 10, channel: 'HALL' },
    }),
  [`POST ${POINTS}/account/:customerId/keyPerson`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${POINTS}/account/${s.made['group'].id}/keyPerson`,
      payload: { personId: s.customers.rich, role: 'CONTACT', limitPoints: 100 },
    }),
  [`POST ${POINTS}/account/:customerId/groupRedemption`]: async (s) => {
    const customerId = s.made['group'].id;
    await s.app.get(Transaction, { strict: false }).run((tx) =>
      s.app.get(PointsFacade, { strict: false }).award(tx, {
        ...{ customerId, points: 4_000, pointsType: 'SPENDING', funderId: 'OPERATOR' },
        ...{ reference: 'of the group', actorId: 'tester' },
      }),
    );
    const payload = { personId: s.customers.rich, points: 10, channel: 'HALL', purpose: 'GOODS' };
    return s.ask({ method: 'POST', url: `${POINTS}/account/${customerId}/groupRedemption`, payload });
  },
  [`DELETE ${POINTS}/account/:customerId/keyPerson/:personId`]: (s) =>
    s.ask({ method: 'DELETE', url: `${POINTS}/account/${s.made['group'].id}/keyPerson/${s.customers.rich}` }),

  [`POST ${BENEFITS}/benefit`]: (s) => {
    const payload = {
      code: 'GOLF_PRACTICE',
      serviceClass: 'A_EXTRA',
      label: { en: 'Golf practice', zh: '高尔夫练习' },
      unit: 'TIME',
      effectiveFrom: '2099-01-01',
    };
    return keep(s, 'benefit', s.ask({ method: 'POST', url: `${BENEFITS}/benefit`, payload }));
  },
  [`PATCH ${BENEFITS}/benefit/:code`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['benefit'].href, payload: { effectiveUntil: '2099-12-31' } }),
  [`POST ${BENEFITS}/quota`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${BENEFITS}/quota`,
      payload: { benefit: 'GOLF_PRACTICE', level: 'GOLD', unitsPerYear: 4, effectiveFrom: '2099-01-01' },
    }),
  [`POST ${BENEFITS}/customer/:customerId/use`]: (s) =>
    as(s, s.clerk, 'POST', `${BENEFITS}/customer/${s.customers.rich}/use`, { benefit: 'SIM_BACKUP', channel: 'HALL' }),

  [`POST ${POINTS}/account/:customerId/payment`]: (s) =>
    keep(
      s,
      'payment',
      s.ask({
        method: 'POST',
        url: `${POINTS}/account/${s.customers.rich}/payment`,
        payload: { amountFen: 101, channel: 'HOTLINE' },
      }),
    ),
  [`POST ${POINTS}/account/:customerId/payment/:id/reversal`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['payment'].href}/reversal`, payload: { channel: 'HOTLINE' } }),

  [`POST ${MERCHANTS}/merchant`]: (s) => {
    const payload = { contractNo: 'HT-2026-0017', label: 'Pearl River Restaurant', category: 'RESTAURANT' };
    return keep(s, 'merchant', s.ask({ method: 'POST', url: `${MERCHANTS}/merchant`, payload }));
  },
  [`PATCH ${MERCHANTS}/merchant/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['merchant'].href, payload: { label: 'Pearl River Restaurants' } }),
  [`POST ${MERCHANTS}/site`]: (s) => {
    const payload = { merchantId: s.made['merchant'].id, label: 'Tianhe branch', region: '440000' };
    return keep(s, 'site', s.ask({ method: 'POST', url: `${MERCHANTS}/site`, payload }));
  },
  [`PATCH ${MERCHANTS}/site/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['site'].href, payload: { label: 'Tianhe' } }),
  [`POST ${MERCHANTS}/terminal`]: (s) => {
    const payload = { terminalId: 'GZ000017', siteId: s.made['site'].id };
    return keep(s, 'terminal', s.ask({ method: 'POST', url: `${MERCHANTS}/terminal`, payload }));
  },
  [`PATCH ${MERCHANTS}/terminal/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['terminal'].href, payload: { status: 'suspended' } }),
  [`POST ${MERCHANTS}/discount`]: (s) => {
    const payload = { merchantId: s.made['merchant'].id, percent: 80, effectiveFrom: '2099-01-01' };
    return keep(s, 'discount', s.ask({ method: 'POST', url: `${MERCHANTS}/discount`, payload }));
  },
  [`PATCH ${MERCHANTS}/discount/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['discount'].href, payload: { effectiveUntil: '2099-02-01' } }),
  [`POST ${MERCHANTS}/posMessage`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${MERCHANTS}/posMessage`,
      payload: {
        kind: 'reversal',
        reverses: 'purchase',
        terminalId: 'GZ000017',
        batchNo: '000001',
        traceNo: '000123',
        businessDate: businessDate(new Date()),
      },
    }),

  [`POST ${TICKET}`]: (s) =>
    keep(
      s,
      'ticket',
      s.ask({
        method: 'POST',
        url: TICKET,
        payload: {
          description: 'No signal',
          severity: 'Minor',
          ticketType: 'complaint',
          relatedParty: [{ id: s.customers.rich, role: 'customer', '@referredType': 'Customer' }],
        },
      }),
    ),
  [`PATCH ${TICKET}/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['ticket'].href, payload: { status: 'inProgress' } }),
  [`POST ${TICKETS}/serviceLevels`]: async (s) => {
    const author = await s.staff('rule-author');
    const { targets, severityPercent } = (await as(s, author, 'GET', `${TICKETS}/serviceLevels`)).body[0];
    const proposed = { effectiveFrom: '2030-01-01T00:00:00+08:00', targets, severityPercent, reason: 'The same again' };
    return as(s, author, 'POST', `${TICKETS}/serviceLevels`, proposed);
  },

  [`POST ${TIERING}/levelException`]: (s) =>
    keep(
      s,
      'level exception',
      as(s, s.supervisor, 'POST', `${TIERING}/levelException`, {
        customerId: s.customers.rich,
        tier: 'GOLD',
        mode: 'at-least',
        category: 'contract',
        validUntil: new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10),
        reason: 'A contract of the group',
      }),
    ),
  [`POST ${TIERING}/levelException/:id/end`]: async (s) => {
    const { approvalHref } = s.made['level exception'];
    const { body } = await as(s, await s.staff('supervisor'), 'POST', `${approvalHref}/approve`, {});
    const path = `${TIERING}/levelException/${body.result.levelException}/end`;
    return as(s, s.supervisor, 'POST', path, { reason: 'The contract has ended' });
  },

  [`POST ${TIERING}/fraudCase`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${TIERING}/fraudCase`,
      payload: { caseNumber: 'CASE-1', customerIds: [s.customers.poor], reason: 'Resold lines' },
    }),
  [`POST ${TIERING}/review/:runId/release`]: async (s) => {
    const runId = newId();
    await s.database.query(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters, status, error)
       VALUES ($1, 'tiering.review', 'stopped', '2020-02-01', '{}', 'failed', 'finish: tiering.too-many-downgrades')`,
      [runId],
    );
    await s.database.query(
      `INSERT INTO tiering.review (run_id, program, as_of, rule_set_version, is_yearly, started_at)
       VALUES ($1, 'GOTONE', '2020-02-01', '2026.1', false, now())`,
      [runId],
    );
    await s.database.query(
      `INSERT INTO tiering.pending_downgrade (customer_id, run_id, program, decision_id, held_by, rule_set_version, as_of, from_tier,
         to_tier, effective_on, facts, standing, decided_at)
       VALUES ($1, $2, 'GOTONE', $2, $2, '2026.1', '2020-02-01', 'GOLD', 'SILVER', '2020-02-01', '{}', '{}', now())`,
      [s.customers.rich, runId],
    );
    return s.ask({ method: 'POST', url: `${TIERING}/review/${runId}/release`, payload: { reason: 'As announced' } });
  },
  [`POST ${TIERING}/potentialCustomer/:id/confirm`]: async (s) =>
    as(s, s.supervisor, 'POST', `${await candidate(s, 'rich')}/confirm`, { reason: 'a whole family' }),
  [`POST ${TIERING}/potentialCustomer/:id/reject`]: async (s) =>
    as(s, s.supervisor, 'POST', `${await candidate(s, 'poor')}/reject`, { reason: 'moves abroad' }),
  [`POST ${TIERING}/pointsMember`]: (s) =>
    as(s, s.clerk, 'POST', `${TIERING}/pointsMember`, { customerId: s.customers.poor }),
  [`POST ${TIERING}/card`]: (s) =>
    keep(s, 'card', as(s, s.clerk, 'POST', `${TIERING}/card`, { customerId: s.customers.poor })),
  [`POST ${TIERING}/card/:id/activation`]: (s) => as(s, s.clerk, 'POST', `${s.made['card'].href}/activation`, {}),
  [`POST ${TIERING}/card/:id/lossReport`]: (s) => as(s, s.agent, 'POST', `${s.made['card'].href}/lossReport`, {}),
  [`POST ${TIERING}/card/:id/replacement`]: (s) => as(s, s.clerk, 'POST', `${s.made['card'].href}/replacement`, {}),
  [`DELETE ${TIERING}/pointsMember/:customerId`]: (s) =>
    as(s, s.clerk, 'DELETE', `${TIERING}/pointsMember/${s.customers.poor}`),
  [`POST ${TIERING}/membershipTransfer`]: async (s) => {
    const verified = async (person: 'rich' | 'poor', answer: string): Promise<string> => {
      const asked = { customerId: s.customers[person], method: 'ID_CHECK_LAST4', answer };
      return (await as(s, s.clerk, 'POST', `${CUSTOMERS}/callerVerification`, asked)).body.verificationId;
    };
    return keep(
      s,
      'membership transfer',
      as(s, s.clerk, 'POST', `${TIERING}/membershipTransfer`, {
        fromCustomerId: s.customers.rich,
        toCustomerId: s.customers.poor,
        fromVerificationId: await verified('rich', '1230'),
        toVerificationId: await verified('poor', '1231'),
        reason: 'They are married',
      }),
    );
  },
  [`POST ${TIERING}/membershipTransfer/:id/withdrawal`]: (s) =>
    as(s, s.clerk, 'POST', `${s.made['membership transfer'].href}/withdrawal`, {}),

  [`POST ${ROUTING}/agent`]: (s) =>
    keep(
      s,
      'agent',
      s.ask({
        method: 'POST',
        url: `${ROUTING}/agent`,
        payload: { kind: 'general', pool: 'hotline', endpoint: 'PJSIP/9' },
      }),
    ),
  [`PUT ${ROUTING}/agent/:id/customer/:customerId`]: (s) =>
    s.ask({ method: 'PUT', url: `${s.made['agent'].href}/customer/${s.customers.poor}` }),
  [`POST ${ROUTING}/contact`]: (s) => contact(s, 'c-1'),
  [`POST ${ROUTING}/contact/:id/abandoned`]: (s) =>
    as(s, s.pbx, 'POST', `${ROUTING}/contact/${s.made['c-1'].id}/abandoned`),
  [`PUT ${ROUTING}/agent/:id/state`]: (s) =>
    s.ask({ method: 'PUT', url: `${s.made['agent'].href}/state`, payload: { state: 'available' } }),
  [`POST ${ROUTING}/reservation/:id/accept`]: async (s) => {
    await contact(s, 'c-2');
    const { reservation } = await offered(s, 'c-2');
    return as(s, s.pbx, 'POST', `${ROUTING}/reservation/${reservation.id}/accept`);
  },
  [`POST ${ROUTING}/contact/:id/connected`]: (s) =>
    as(s, s.pbx, 'POST', `${ROUTING}/contact/${s.made['c-2'].id}/connected`, { at: new Date().toISOString() }),
  [`POST ${ROUTING}/contact/:id/ended`]: (s) =>
    as(s, s.pbx, 'POST', `${ROUTING}/contact/${s.made['c-2'].id}/ended`, { at: new Date().toISOString() }),
  [`POST ${ROUTING}/reservation/:id/reject`]: async (s) => {
    await contact(s, 'c-3');
    const state = { state: 'available' };
    await eventually(
      async () => (await s.ask({ method: 'PUT', url: `${s.made['agent'].href}/state`, payload: state })).status === 200,
    );
    const { reservation } = await offered(s, 'c-3');
    return as(s, s.pbx, 'POST', `${ROUTING}/reservation/${reservation.id}/reject`);
  },

  [`POST ${CARE}/standardAction`]: (s) =>
    keep(
      s,
      'standard action',
      s.ask({
        method: 'POST',
        url: `${CARE}/standardAction`,
        payload: {
          tier: 'GOLD',
          customerKind: 'individual',
          code: 'BIRTHDAY_CALL',
          label: { en: 'Birthday call', zh: '生日祝福' },
          content: 'Congratulate',
          everyMonths: 12,
          dueWithinDays: 30,
          effectiveFrom: '2030-01-01',
        },
      }),
    ),
  [`PATCH ${CARE}/standardAction/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['standard action'].href, payload: { dueWithinDays: 20 } }),
  [`POST ${CARE}/task/:id/complete`]: async (s) =>
    as(s, s.supervisor, 'POST', `${await careTask(s)}/complete`, { outcome: 'reached' }),
  [`POST ${CARE}/task/:id/cancel`]: async (s) =>
    as(s, s.supervisor, 'POST', `${await careTask(s)}/cancel`, { reason: 'not wanted' }),
  [`POST ${CARE}/notice/:id/report`]: async (s) => {
    const id = newId();
    await s.database.query(
      `INSERT INTO care.notice (customer_id, decision_id, kind, notice_id, zh, en, queued_at)
       VALUES ($1, $2, 'upgraded', $2, '金卡', 'gold', now())`,
      [s.customers.rich, id],
    );
    return as(s, await s.system('sms'), 'POST', `${CARE}/notice/${id}/report`, { attempt: 1, result: 'sent' });
  },

  [`POST ${PRIVACY}/subjectRequest`]: (s) =>
    keep(
      s,
      'request',
      as(s, s.clerk, 'POST', `${PRIVACY}/subjectRequest`, {
        kind: 'CORRECTION',
        customerId: s.customers.rich,
        channel: 'hall',
      }),
    ),
  [`POST ${PRIVACY}/subjectRequest/:id/answer`]: (s) =>
    as(s, s.clerk, 'POST', `${s.made['request'].href}/answer`, { outcome: 'done' }),
  [`POST ${PRIVACY}/subjectExport`]: exportOf,
  [`POST ${PRIVACY}/erasure`]: (s) =>
    as(s, s.clerk, 'POST', `${PRIVACY}/erasure`, { customerId: s.customers.gone, reason: '本人申请' }),
  [`POST ${ORGANIZATION}/approval/:id/approve`]: decide('approve'),
  [`POST ${ORGANIZATION}/approval/:id/reject`]: decide('reject'),
  [`POST ${ORGANIZATION}/approval/:id/withdraw`]: decide('withdraw'),

  [`POST ${ORGANIZATION}/unit`]: async (s) => {
    const { body } = await s.done({ url: `${ORGANIZATION}/unit?kind=group` });
    return keep(
      s,
      'unit',
      s.ask({
        method: 'POST',
        url: `${ORGANIZATION}/unit`,
        payload: { parentId: body[0].id, kind: 'province', code: '430000', name: 'Hunan' },
      }),
    );
  },
  [`PATCH ${ORGANIZATION}/unit/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['unit'].href, payload: { name: 'Hunan province' } }),
  [`POST ${ORGANIZATION}/role`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${ORGANIZATION}/role`,
      payload: {
        role: 'night-shift',
        name: 'Night shift',
        scope: 'unit',
        permissions: ['customers.read'],
        reason: 'They redeem nothing',
      },
    }),
  [`POST ${ORGANIZATION}/staff`]: (s) =>
    keep(
      s,
      'member',
      s.ask({
        method: 'POST',
        url: `${ORGANIZATION}/staff`,
        payload: {
          login: 'li.ming',
          displayName: 'Li Ming',
          password: PASSWORD,
          unitId: s.made['unit'].id,
          roles: ['viewer'],
        },
      }),
    ),
  [`PATCH ${ORGANIZATION}/staff/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['member'].href, payload: { roles: ['hotline-agent'] } }),
  [`POST ${ORGANIZATION}/apiKey`]: (s) =>
    keep(
      s,
      'key',
      s.ask({
        method: 'POST',
        url: `${ORGANIZATION}/apiKey`,
        payload: { name: 'BOSS South', role: 'boss', source: 'SOUTH' },
      }),
    ),
  [`PATCH ${ORGANIZATION}/apiKey/:id`]: (s) =>
    s.ask({ method: 'PATCH', url: s.made['key'].href, payload: { requestsPerMinute: 100 } }),
  [`POST ${ORGANIZATION}/apiKey/:id/rotation`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['key'].href}/rotation`, payload: {} }),
  [`DELETE ${ORGANIZATION}/apiKey/:id`]: (s) => s.ask({ method: 'DELETE', url: s.made['key'].href }),

  [`POST ${ORGANIZATION}/session`]: (s) =>
    keep(
      s,
      'session',
      s.call({ method: 'POST', url: `${ORGANIZATION}/session`, payload: { login: 'li.ming', password: PASSWORD } }),
    ),
  [`POST ${ORGANIZATION}/session/refresh`]: (s) =>
    keep(
      s,
      'session',
      s.call({
        method: 'POST',
        url: `${ORGANIZATION}/session/refresh`,
        payload: { refreshToken: s.made['session'].refreshToken },
      }),
    ),
  [`POST ${ORGANIZATION}/me/totp`]: (s) =>
    keep(
      s,
      'totp',
      as(s, bearer(s.made['session'].accessToken), 'POST', `${ORGANIZATION}/me/totp`, { password: PASSWORD }),
    ),
  [`POST ${ORGANIZATION}/me/totp/confirm`]: (s) =>
    as(s, bearer(s.made['session'].accessToken), 'POST', `${ORGANIZATION}/me/totp/confirm`, {
      code: new TOTP({ secret: s.made['totp'].secret }).generate(),
    }),
  [`POST ${ORGANIZATION}/staff/:id/removeTotp`]: (s) =>
    s.ask({ method: 'POST', url: `${s.made['member'].href}/removeTotp`, payload: { reason: 'Lost the telephone' } }),
  [`PUT ${ORGANIZATION}/me/password`]: async (s) =>
    as(s, await signedIn(s, 'session', 'li.ming'), 'PUT', `${ORGANIZATION}/me/password`, {
      oldPassword: PASSWORD,
      newPassword: `${PASSWORD} yet`,
    }),
  [`DELETE ${ORGANIZATION}/session`]: async (s) => as(s, await s.staff('viewer'), 'DELETE', `${ORGANIZATION}/session`),
  [`POST ${ORGANIZATION}/session/signOutEverywhere`]: async (s) =>
    as(s, await s.staff('viewer'), 'POST', `${ORGANIZATION}/session/signOutEverywhere`),

  [`POST ${OPERATIONS}/run`]: (s) =>
    keep(
      s,
      'run',
      s.ask({ method: 'POST', url: `${OPERATIONS}/run`, payload: { kind: 'tiering.review', asOf: '2026-03-01' } }),
    ),
  [`POST ${OPERATIONS}/run/:id/cancel`]: async (s) => {
    await eventually(async () => (await s.ask({ url: s.made['run'].href })).body.status === 'completed');
    await s.database.query(`UPDATE platform.run SET status = 'running', finished_at = NULL WHERE run_id = $1`, [
      s.made['run'].id,
    ]);
    return s.ask({ method: 'POST', url: `${s.made['run'].href}/cancel` });
  },
  [`POST ${OPERATIONS}/run/:id/resume`]: async (s) => {
    await s.database.query(`UPDATE platform.run SET status = 'failed', finished_at = now() WHERE run_id = $1`, [
      s.made['run'].id,
    ]);
    return s.ask({ method: 'POST', url: `${s.made['run'].href}/resume` });
  },
  [`POST ${FEED}/feed`]: (s) =>
    s.ask({ method: 'POST', url: `${FEED}/feed`, payload: { kind: 'TIR', target: '440000' } }),
  [`POST ${FEED}/file/:id/reissue`]: async (s) => {
    await s.database.query(`UPDATE boss_feed.feed SET created_at = now() - interval '24 hours'`);
    await s.app.get(PublishFiles, { strict: false }).execute();
    const { body } = await s.ask({ method: 'GET', url: `${FEED}/file?limit=1` });
    s.made['feed file'] = body[0];
    return s.ask({ method: 'POST', url: `${body[0].href}/reissue` });
  },
  [`POST ${FEED}/file/:id/acknowledgement`]: (s) =>
    s.ask({
      method: 'POST',
      url: `${s.made['feed file'].href}/acknowledgement`,
      payload: { recordCount: 0, sum: 0, sha256: s.made['feed file'].sha256 },
    }),
  [`POST ${FEED}/subscription`]: (s) =>
    keep(
      s,
      'feed subscription',
      s.ask({
        method: 'POST',
        url: `${FEED}/subscription`,
        payload: { feed: 'TIR-ALL', callback: 'https://[2606:4700::1111]:8443/' },
      }),
    ),
  [`DELETE ${FEED}/subscription/:id`]: (s) => s.ask({ method: 'DELETE', url: s.made['feed subscription'].href }),
};

const HUBS = [
  ...['customerManagement', 'troubleTicket', 'usageManagement'].map((api) => `/tmf-api/${api}/v4/hub`),
  `${TIERING}/hub`,
];
/** Of each hub alike. */
const HUB_STEPS: readonly (readonly [string, Step])[] = HUBS.flatMap((hub): [string, Step][] => [
  [
    `POST ${hub}`,
    (s) => keep(s, hub, s.ask({ method: 'POST', url: hub, payload: { callback: 'https://[2606:4700::1111]:8443/' } })),
  ],
  [`DELETE ${hub}/:id`, (s) => s.ask({ method: 'DELETE', url: s.made[hub].href })],
]);
const ALL_STEPS = [...Object.entries(STEPS), ...HUB_STEPS];

/** Cannot succeed here, and why. */
const NEVER: Readonly<Record<string, string>> = {
  [`DELETE ${TICKET}/:id`]: 'always refused: tickets are kept',
  [`POST ${POINTS}/proof`]: 'proves and changes nothing',
};

describe('[AUD-12] every operation that writes has its line', () => {
  let scene: Scene;

  beforeAll(async () => {
    const gateway = await startSmsGateway();
    const world = await startWorld({ GUIBIN_SMS_GATEWAY_URL: gateway.url });
    scene = {
      ...world,
      gateway,
      made: {},
      supervisor: await world.staff('supervisor'),
      clerk: await world.staff('hall-staff'),
    };
  });
  afterAll(async () => {
    await scene.close();
    await scene.gateway.close();
  });

  it('knows how each of them succeeds', () => {
    const writing = routesOf(scene.app)
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);
    expect([...ALL_STEPS.map(([operation]) => operation), ...Object.keys(NEVER), ...LOOKS].sort()).toEqual(
      writing.sort(),
    );
  });

  it.each(ALL_STEPS)('%s', async (operation, step) => {
    const answer = await step(scene);
    expect([answer.status < 300, answer.text]).toEqual([true, answer.text]);
    const lines = await scene.database.query<{ action: string; operation: string; actor_kind: string }>(
      'SELECT action, operation, actor_kind FROM organization.audit_entry WHERE request_id = $1',
      [answer.headers['x-request-id']],
    );
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line.operation).toBe(operation);
  });

  it('says nothing of those that only look', async () => {
    const [search = '', , disclosure = ''] = LOOKS.map((look) => look.split(' ')[1]);
    const answers = [
      await as(scene, scene.clerk, 'POST', search, { msisdn: NUMBERS.rich }),
      await as(scene, scene.clerk, 'POST', disclosure, { customerId: scene.customers.rich, purpose: 'verification' }),
    ];
    for (const { headers } of answers) {
      const lines = await scene.database.query('SELECT action FROM organization.audit_entry WHERE request_id = $1', [
        headers['x-request-id'],
      ]);
      expect(lines).toEqual([]);
    }
  });

  it('has no line with a name, a number or a password in it', async () => {
    const lines = JSON.stringify(await scene.database.query('SELECT * FROM organization.audit_entry'));
    expect(lines).not.toMatch(new RegExp(`${Object.values(NUMBERS).join('|')}|欧阳|王小红|${PASSWORD}|44010119800101`));
  });
});
