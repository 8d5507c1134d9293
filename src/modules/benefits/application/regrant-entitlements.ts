import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { countedDays } from '../domain/counted-days.js';
import { programsWithBenefits } from '../persistence/catalogue.js';
import { grantEntitlements, type LevelYearOfProgram, type Whom } from '../persistence/entitlements.js';

/** Grants customers what their levels entitle to (权益发放), for one who asks, those who rise or fall, or a slice of all: the same statement. */
@Injectable()
export class RegrantEntitlements {
  constructor(
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /** As of a business day, in its level year. Answers how many entitlements that has changed. */
  async execute(tx: Tx, whom: Whom, day: string): Promise<number> {
    let changed = 0;
    for (const program of await programsWithBenefits(tx)) {
      changed += await this.ofProgram(tx, await this.yearOf(tx, program, day), { whom, day });
    }
    return changed;
  }

  private async yearOf(tx: Tx, program: string, day: string): Promise<LevelYearOfProgram> {
    const { from, until, scale } = await this.tiering.levelYearOf(program, day, tx);
    return { program, from, until, lowestLevel: scale.at(-1) ?? '' };
  }

  private async ofProgram(
    tx: Tx,
    year: LevelYearOfProgram,
    { whom, day }: { readonly whom: Whom; readonly day: string },
  ): Promise<number> {
    const counted = countedDays(year.from, day);
    let changed = 0;
    for (;;) {
      const { granted, overtaken } = await grantEntitlements(tx, year, { whom, counted, at: this.clock.now() });
      changed += granted;
      // Whoever was faster may have known less: looked at again, with all that is committed by now.
      if (overtaken === 0) return changed;
    }
  }
}
