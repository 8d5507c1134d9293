import { RedeemPointsUseCase } from '../src/modules/points/application/ledger/redeem-points.js';
import { SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import type { TieringFacade } from '../src/modules/tiering/index.js';
import type { Bench, BenchResult } from './bench.js';
import { besideTheLimit, clock, withPoints } from './points-bench.js';

const REQUIRED_RATIO = 0.5;
const LOT = 200;
/** Two lots and a half: three lines, and every second redemption begins in a lot that is half used. */
const POINTS = LOT * 2.5;

/** Redemptions by the use case, first to expire first over several of a customer's 36 lots. */
export const bench: Bench = {
  name: 'points-redeem',
  describe: 'Redemptions over several lots beside transactions of one UPDATE and one INSERT through the same pool',

  run: (): Promise<BenchResult> =>
    withPoints({ customers: 50_000, lots: 36, pointsOfALot: LOT }, async (points) => {
      // Nobody shows a card.
      const noCards = {} as TieringFacade;
      const redeeming = new RedeemPointsUseCase(points.transaction, new SingleOperations(), noCards, clock);
      const figures = await besideTheLimit(points, (customerId) =>
        redeeming.execute({
          customerId,
          points: POINTS,
          purpose: 'GOODS',
          channel: 'HALL',
          actorId: 'bench',
          key: undefined,
        }),
      );
      const worst = figures.reduce((a, b) => (a.ratio <= b.ratio ? a : b));
      return {
        name: 'points-redeem',
        unit: 'transactions/s',
        ours: worst.ours,
        limit: worst.limit,
        ratio: worst.ratio,
        promised: [{ what: 'ratio', is: worst.ratio, atLeast: REQUIRED_RATIO }],
        figures,
      };
    }),
};
