import { AnswerPosMessage } from '../../../src/modules/merchants/application/answer-pos-message.js';
import { ChangeMerchants } from '../../../src/modules/merchants/application/change-merchants.js';
import { ChargeCard } from '../../../src/modules/merchants/application/charge-card.js';
import { GoOnFromSale } from '../../../src/modules/merchants/application/go-on-from-sale.js';
import { ReverseMessageUseCase } from '../../../src/modules/merchants/application/reverse-message.js';
import type { PosAnswer, PosMessage } from '../../../src/modules/merchants/domain/pos-message.js';
import { ExpireHoldsAtMerchants } from '../../../src/modules/points/application/holds/expire-holds-at-merchants.js';
import { GivePointsBackUseCase } from '../../../src/modules/points/application/ledger/give-points-back.js';
import { HoldPointsAtMerchants } from '../../../src/modules/points/application/holds/hold-points-at-merchants.js';
import { provePoints } from '../../../src/modules/points/index.js';
import { PosPointsFacade } from '../../../src/modules/points/pos-points.facade.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { cardNumberOf } from '../../../src/modules/tiering/domain/card-number.js';
import { TieringFacade } from '../../../src/modules/tiering/index.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { pointsWorld } from '../points/points-world.js';

export interface Cardholder {
  readonly customerId: string;
  readonly cardNumber: string;
  readonly track: string;
}

/** What a message of the tests says; the rest is unremarkable. */
export type AnyMessage = Partial<PosMessage> & Pick<PosMessage, 'kind' | 'traceNo'>;

/** A merchant with a terminal, and customers with cards and points, on a database of their own. */
export async function posWorld() {
  const world = await pointsWorld();
  const { db, clock, transaction, database, ledger, single, outbox } = world;
  const personalData = personalDataOfNewKeys();
  const tiering = new TieringFacade(database, new FindCards(database, personalData, clock));
  const giving = new GivePointsBackUseCase(ledger, outbox, clock);
  const points = new PosPointsFacade(new HoldPointsAtMerchants(single, giving, clock));
  const answering = new AnswerPosMessage(
    transaction,
    tiering,
    new ChargeCard(points, tiering, clock),
    new GoOnFromSale(points, clock),
    new ReverseMessageUseCase(points, clock),
    clock,
  );
  const merchants = new ChangeMerchants(transaction, clock);
  let made = 0;

  const aTerminal = async (): Promise<{ merchantId: string; siteId: string; terminalId: string }> => {
    made += 1;
    const { merchantId } = await merchants.create({
      contractNo: `HT-${made}`,
      label: 'Pearl River Restaurant',
      category: 'RESTAURANT',
      funderId: 'OPERATOR',
    });
    const { siteId } = await merchants.openSite({ merchantId, label: 'Tianhe branch', region: '440000' });
    const terminalId = `GZ${String(made).padStart(6, '0')}`;
    await merchants.addTerminal({ terminalId, siteId });
    return { merchantId, siteId, terminalId };
  };
  const first = await aTerminal();
  const giveLot = (customerId: string, given: number, expiresOn: string) =>
    single.earn(transaction, {
      customerId,
      journalId: newId(),
      idemKey: newId(),
      requestHash: 'any',
      occurredAt: clock.now(),
      recordedAt: clock.now(),
      businessDate: businessDate(clock.now()),
      kind: 'AWARD',
      points: given,
      from: 'ISSUED',
      lot: { expiresOn, pointsType: 'SPENDING', funderId: 'OPERATOR' },
    });

  return {
    ...world,
    points,
    giving,
    merchants,
    terminal: first,
    aTerminal,
    giveLot,
    expire: (): Promise<number> => new ExpireHoldsAtMerchants(database, transaction, single, clock).execute(),
    /** With lots of so many points each, by last day. */
    aCardholder: async (lots: Readonly<Record<string, number>> = { '2027-12-31': 10_000 }): Promise<Cardholder> => {
      const customerId = await world.aCustomer();
      for (const [expiresOn, given] of Object.entries(lots)) await giveLot(customerId, given, expiresOn);
      const cardNumber = cardNumberOf((made += 1));
      const track = `${cardNumber}=290112100000000`;
      const cardId = newId();
      await db.query(
        `INSERT INTO tiering.card (customer_id, card_id, tier, status, issued_on, valid_until, issued_at, activated_at)
         VALUES ($1, $2, 'GOLD', 'active', '2026-01-01', '2029-01-31', '2026-01-01', '2026-01-01')`,
        [customerId, cardId],
      );
      await db.query(
        `INSERT INTO tiering.card_directory (number_index, track_token, card_id, customer_id) VALUES ($1, $2, $3, $4)`,
        [
          personalData.blindIndex('cardNumber', cardNumber),
          personalData.blindIndex('cardTrack', track),
          cardId,
          customerId,
        ],
      );
      return { customerId, cardNumber, track };
    },
    loseCard: (customerId: string) =>
      db.query(`UPDATE tiering.card SET status = 'lost', lost_at = now() WHERE customer_id = $1`, [customerId]),
    send: ({ original, ...message }: AnyMessage): Promise<PosAnswer> =>
      answering.execute(
        {
          terminalId: first.terminalId,
          batchNo: '000001',
          businessDate: businessDate(clock.now()),
          ...message,
          ...(original && { original }),
        },
        'unionpay',
      ),
    /** The key of a message of today. */
    key: (traceNo: string, batchNo = '000001', terminalId = first.terminalId) => ({
      terminalId,
      batchNo,
      traceNo,
      businessDate: businessDate(clock.now()),
    }),
    balanceOf: async (customerId: string) => {
      const [account] = await db.query<{ available: number; held: number; debt: number }>(
        'SELECT available, held, debt FROM points.point_account WHERE customer_id = $1',
        [customerId],
      );
      return account;
    },
    lotsOf: async (customerId: string) =>
      db.query<{ until: string; remaining: number; held: number }>(
        `SELECT expires_on AS until, remaining, held FROM points.point_bucket
         WHERE customer_id = $1 AND remaining + held > 0 ORDER BY 1`,
        [customerId],
      ),
    holdsOf: (customerId: string) =>
      db.query<{ state: string; points: number; captured: number; released: number }>(
        'SELECT state, points, captured, released FROM points.point_hold WHERE customer_id = $1 ORDER BY hold_id',
        [customerId],
      ),
    requireClean: async (): Promise<void> => {
      const proof = await provePoints(transaction);
      expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    },
  };
}

/** The code of the refusal, or `done`. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
