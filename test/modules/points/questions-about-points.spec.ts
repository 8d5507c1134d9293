import { CustomersFacade } from '../../../src/modules/customers/index.js';
import { ExpirePoints } from '../../../src/modules/points/application/expiry/expire-points.run.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { POINTS, pointsOffice, type PointsOffice } from './points-office.js';

const NUMBER = '13800138000';

describe('questions about points', () => {
  let office: PointsOffice;
  let messages: number;
  beforeEach(async () => {
    office = await pointsOffice({ connections: 8 });
    office.clock.set('2026-02-01T10:00:00+08:00');
    messages = 0;
  });
  afterEach(() => office.close());

  const giveNumber = (customerId: string, msisdn = NUMBER): Promise<unknown> =>
    office.db.query(
      'INSERT INTO customers.msisdn_directory (msisdn_index, customer_id, subscription_id) VALUES ($1, $2, $2)',
      [office.app.get(CustomersFacade).msisdnIndex(msisdn), customerId],
    );
  const somebody = async (points = 0): Promise<string> => {
    const customerId = await office.customer(points);
    await giveNumber(customerId);
    return customerId;
  };
  const write = (text: string, about: { messageId?: string; msisdn?: string; who?: string } = {}) =>
    office.call(about.who ?? 'clerk', 'POST', `${POINTS}/smsQuestion`, {
      ...{ messageId: about.messageId ?? `M-${(messages += 1)}`, msisdn: about.msisdn ?? NUMBER, text },
    });
  const speak = (msisdn = NUMBER, language?: string) =>
    office.call('clerk', 'POST', `${POINTS}/voiceQuestion`, { msisdn, ...(language !== undefined && { language }) });
  const looks = async (action: string): Promise<unknown[]> =>
    office.db.query(`SELECT customer_ids FROM organization.access_register WHERE action = $1 ORDER BY occurred_at`, [
      action,
    ]);
  const prefer = (customerId: string, language: string): Promise<unknown> =>
    office.db.query(
      `INSERT INTO usage.bill_preference (customer_id, layout, channel, language, version, changed_at)
       VALUES ($1, 'SUMMARY', 'SMS', $2, 1, now())`,
      [customerId, language],
    );

  it('[PTS-26] are answered the same by REST, by message and by voice, after the same history', async () => {
    const customerId = await somebody();
    await office.award(customerId, 5_000, { at: '2023-03-10T09:00:00+08:00' });
    await office.award(customerId, 1_800, { at: '2024-05-10T09:00:00+08:00' });
    const agree = async (): Promise<number> => {
      const account = (await office.call('clerk', 'GET', `${POINTS}/account/${customerId}`)).body;
      const lots = (await office.call('clerk', 'GET', `${POINTS}/account/${customerId}/expiry`)).body.lot;
      const [voice, message] = [(await speak()).body, (await write('查询积分')).body];
      const { available, held, valueInFen } = account;
      expect(voice).toMatchObject({ answer: 'balance', available, held, valueInFen });
      expect(voice.expiresNext).toEqual({ points: lots[0].points, lastDay: lots[0].expiresOn });
      expect(message.reply).toBe(voice.text);
      expect(message.reply).toContain(`可用积分为${available}分,价值${(valueInFen / 100).toFixed(2)}元`);
      expect(message.reply).toContain(`其中${lots[0].points}分可用至`);
      return available;
    };
    expect(await agree()).toBe(6_800);
    const redemption = { customerId, points: 700, purpose: 'GOODS', channel: 'HALL' };
    expect((await office.call('clerk', 'POST', `${POINTS}/redemption`, redemption)).status).toBe(201);
    expect(await agree()).toBe(6_100);
    office.clock.set('2026-04-01T00:20:00+08:00');
    const outbox = office.app.get(Outbox, { strict: false });
    const source = await office.db.dataSource();
    await carryOutRun(source, new ExpirePoints(office.clock, outbox), { key: '2026-04-01', asOf: '2026-04-01' });
    expect(await agree()).toBe(1_800);
  });

  it('[PTS-26] by message are answered once: the same message again has the answer it had, and is one look', async () => {
    const customerId = await somebody(4_000);
    const first = await write('cxjf', { messageId: 'SMSC-1' });
    expect(first).toMatchObject({ status: 200, body: { messageId: 'SMSC-1', answer: 'balance', language: 'zh' } });
    await office.award(customerId, 500);
    expect((await write('cxjf', { messageId: 'SMSC-1' })).body).toEqual(first.body);
    expect(await looks('points.ask-by-sms')).toEqual([{ customer_ids: [customerId] }]);
    expect((await write('cxjf', { messageId: 'SMSC-2' })).body.reply).toContain('4500分');
    // What was written is not kept, nor is the number.
    expect(JSON.stringify(await office.db.query('SELECT * FROM points.sms_question'))).not.toMatch(/cxjf|138001/i);
  });

  it('[PTS-26] by message have one answer when the same message comes many times at once, whatever happens meanwhile', async () => {
    const customerId = await somebody(4_000);
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 12 }, () => write('积分', { messageId: 'SMSC-1' }))),
      ...Array.from({ length: 6 }, () => office.award(customerId, 10)),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.reply)).size).toBe(1);
    expect(await office.db.query('SELECT count(*) AS n FROM points.sms_question')).toEqual([{ n: 1 }]);
  });

  it('[PTS-26] are answered in the language that the customer wants, else in that of the keyword or the menu', async () => {
    const customerId = await somebody(4_000);
    expect((await write('points')).body).toMatchObject({
      language: 'en',
      reply: expect.stringMatching(/^Dear .*4000/),
    });
    expect((await speak()).body.language).toBe('zh');
    expect((await speak(NUMBER, 'en')).body).toMatchObject({
      language: 'en',
      text: expect.stringMatching(/^Dear .*4000/),
    });
    await prefer(customerId, 'en');
    expect((await write('积分')).body.language).toBe('en');
    expect((await speak()).body.language).toBe('en');
  });

  it('[PTS-26] of nobody, of other words, of closed accounts and without a real name are answered clearly, with no points', async () => {
    const customerId = await somebody(4_000);
    expect((await write('我想办宽带')).body).toMatchObject({
      answer: 'unknown-keyword',
      reply: expect.stringContaining('查询积分'),
    });
    expect((await write('积分', { msisdn: '13900139000' })).body.answer).toBe('unknown-number');
    expect((await speak('13900139000')).body).toEqual({
      '@type': 'PointsVoiceAnswer',
      ...{ answer: 'unknown-number', language: 'zh', text: expect.stringContaining('没有积分') },
    });
    expect(await looks('points.ask-by-sms')).toEqual([]);
    expect(await looks('points.ask-by-voice')).toEqual([]);

    await office.setStatus(customerId, 'suspended');
    expect((await speak()).body).toMatchObject({
      available: 4_000,
      isFrozen: true,
      text: expect.stringContaining('不能使用'),
    });
    await office.db.query('UPDATE customers.customer SET real_name = false WHERE customer_id = $1', [customerId]);
    expect((await write('积分')).body).toMatchObject({
      answer: 'real-name-needed',
      reply: expect.not.stringContaining('4000'),
    });
    expect((await speak()).body).toEqual(expect.not.objectContaining({ available: expect.anything() }));
    await office.db.query(`UPDATE points.point_account SET status = 'CLOSED' WHERE customer_id = $1`, [customerId]);
    expect((await write('积分')).body.answer).toBe('account-closed');
    expect((await speak()).body).toMatchObject({ answer: 'account-closed', text: expect.stringContaining('已关闭') });
    expect(await looks('points.ask-by-voice')).toHaveLength(3);
  });

  it('[PTS-26] take a number in the body only, and refuse what is none without repeating it', async () => {
    for (const answer of [await write('积分', { msisdn: '1380013800' }), await speak('1380013800')]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'msisdn.invalid' } });
      expect(JSON.stringify(answer.body)).not.toContain('"1380013800"');
    }
  });

  it('[PTS-26] by a gateway of another province find nobody', async () => {
    await somebody(4_000);
    expect((await write('积分', { who: 'neighbour' })).body.answer).toBe('unknown-number');
    expect(await looks('points.ask-by-sms')).toEqual([]);
  });
});
