import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { requireScale, type Program } from '../domain/program.js';
import { ProgramTaken } from '../domain/refusals-of-rule-sets.js';
import { insertProgram, programOf } from '../persistence/programs.js';

/** Makes a new scale of levels: another value model, another division into classes (CUS-23). The same again is the same. */
@Injectable()
export class CreateProgram {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidCode, ProgramTaken */
  async create(wanted: Omit<Program, 'createdAt'>): Promise<Program> {
    requireScale(wanted.scale);
    return this.transaction.run(async (tx) => {
      const program: Program = { ...wanted, createdAt: this.clock.now() };
      if (await insertProgram(tx, program)) {
        tx.audit({
          action: 'tiering.create-program',
          objectType: 'LevelProgram',
          objectId: program.program,
          after: wanted,
        });
        return program;
      }
      const existing = await programOf(tx, program.program);
      if (!existing || !isSame(existing, wanted)) throw new ProgramTaken(program.program);
      return existing;
    });
  }
}

const isSame = (one: Omit<Program, 'createdAt'>, other: Omit<Program, 'createdAt'>): boolean =>
  one.kind === other.kind &&
  one.scale.join() === other.scale.join() &&
  one.label.en === other.label.en &&
  one.label.zh === other.label.zh;
