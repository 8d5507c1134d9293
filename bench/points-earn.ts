import { AwardPointsUseCase } from '../src/modules/points/application/ledger/award-points.js';
import { SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import { newId } from '../src/platform/database/index.js';
import type { Bench, BenchResult } from './bench.js';
import { besideAHotCustomer, besideTheLimit, clock, withPoints } from './points-bench.js';

const REQUIRED_RATIO = 0.7;
const REQUIRED_BESIDE_A_HOT_CUSTOMER = 0.9;

/** Points given one by one, by the use case: journal, posting, lot, account and event, in one transaction. */
export const bench: Bench = {
  name: 'points-earn',
  describe: 'Single earnings beside transactions of one UPDATE and one INSERT through the same pool',

  run: (): Promise<BenchResult> =>
    withPoints({ customers: 50_000, lots: 12, pointsOfALot: 400 }, async (points) => {
      const awarding = new AwardPointsUseCase(new SingleOperations(), clock);
      const earn = (customerId: string) =>
        awarding.execute(points.transaction, {
          customerId,
          points: 20,
          pointsType: 'SPENDING',
          funderId: 'OPERATOR',
          reference: newId(),
          actorId: 'bench',
        });
      const figures = await besideTheLimit(points, earn);
      const besideHot = await besideAHotCustomer(points, earn);
      const worst = figures.reduce((a, b) => (a.ratio <= b.ratio ? a : b));
      return {
        name: 'points-earn',
        unit: 'transactions/s',
        ours: worst.ours,
        limit: worst.limit,
        ratio: worst.ratio,
        promised: [
          { what: 'ratio', is: worst.ratio, atLeast: REQUIRED_RATIO },
          { what: 'rate of the others beside a hot customer', is: besideHot, atLeast: REQUIRED_BESIDE_A_HOT_CUSTOMER },
        ],
        figures,
      };
    }),
};
