import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Program } from '../domain/program.js';
import { ProgramNotFound } from '../domain/refusals-of-rule-sets.js';
import { programFrom, programOf, type ProgramRow } from '../persistence/programs.js';

/** The programmes that there are: what for, and on which scale. */
@Injectable()
export class FindPrograms {
  constructor(private readonly database: Database) {}

  list<View extends object>(list: ListRequest, view: (program: Program) => View): Promise<Page<View>> {
    const source = { select: 'g.*', from: 'tiering.program g' };
    return readPage<ProgramRow, View>(this.database, list, source, (row) => view(programFrom(row)));
  }

  /** @throws ProgramNotFound */
  async get(program: string): Promise<Program> {
    const found = program.includes('\0') ? undefined : await programOf(this.database, program);
    if (!found) throw new ProgramNotFound();
    return found;
  }
}
