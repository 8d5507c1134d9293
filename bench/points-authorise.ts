import { GivePointsBackUseCase } from '../src/modules/points/application/ledger/give-points-back.js';
import { HoldPointsAtMerchants } from '../src/modules/points/application/holds/hold-points-at-merchants.js';
import { PointsLedger } from '../src/modules/points/persistence/ledger/points-ledger.js';
import { SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import { newId } from '../src/platform/database/index.js';
import { Outbox } from '../src/platform/events/index.js';
import type { Bench, BenchResult } from './bench.js';
import { besideTheLimit, clock, withPoints } from './points-bench.js';

const REQUIRED_RATIO = 0.25;
const LOT = 200;
const POINTS = 150;

/** Authorisations of merchants, each captured: two transactions that set points aside and take two thirds of them. */
export const bench: Bench = {
  name: 'points-authorise',
  describe:
    'Pairs of an authorisation and its capture beside transactions of one UPDATE and one INSERT through the same pool',

  run: (): Promise<BenchResult> =>
    withPoints({ customers: 50_000, lots: 36, pointsOfALot: LOT }, async (points) => {
      const giving = new GivePointsBackUseCase(new PointsLedger(), new Outbox(clock), clock);
      const holding = new HoldPointsAtMerchants(new SingleOperations(), giving, clock);
      const figures = await besideTheLimit(points, async (customerId) => {
        const holdId = newId();
        const asked = { customerId, holdId, requestHash: 'bench', actorId: 'bench' };
        const { transaction } = points;
        await holding.authorise(transaction, { ...asked, key: `${holdId}:a`, points: POINTS, forSeconds: 900 });
        await holding.capture(transaction, { ...asked, key: `${holdId}:c`, points: (POINTS * 2) / 3 });
      });
      const worst = figures.reduce((a, b) => (a.ratio <= b.ratio ? a : b));
      return {
        name: 'points-authorise',
        unit: 'pairs/s',
        ours: worst.ours,
        limit: worst.limit,
        ratio: worst.ratio,
        promised: [{ what: 'ratio of a pair', is: worst.ratio, atLeast: REQUIRED_RATIO }],
        figures,
      };
    }),
};
