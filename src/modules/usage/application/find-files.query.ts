import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import { fileOf, FileRegister, type FileRow, type IntakeFile } from '../persistence/file-register.js';

export type { IntakeFile };

/** What is asked about files that came in: by operators, and by BOSS that reads its answer. */
@Injectable()
export class FindFiles {
  constructor(
    private readonly database: Database,
    private readonly files: FileRegister,
  ) {}

  page<View extends object>(list: ListRequest, viewOf: (file: IntakeFile) => View): Promise<Page<View>> {
    return readPage<FileRow, View>(this.database, list, { select: 'f.*', from: 'usage.intake_file f' }, (row) =>
      viewOf(fileOf(row)),
    );
  }

  /** @throws ResourceNotFound */
  async byId(fileId: string): Promise<IntakeFile> {
    const file = await this.files.find(fileId);
    if (!file) throw new ResourceNotFound('file');
    return file;
  }

  /**
   * `H|file|state|received|loaded|duplicate|rejected|held`, then `R|lineNo|recordId|code|text` per bad record.
   * @throws ResourceNotFound
   */
  async answerText(fileId: string): Promise<string> {
    const file = await this.byId(fileId);
    const { received, loaded, duplicate, rejected, held } = file.counts;
    const lines = [['H', file.name, file.state, received, loaded, duplicate, rejected, held].join('|')];
    if (file.problem) lines.push(['R', 0, '', file.problem.code, file.problem.text].join('|'));
    for (const { line_no, record_id, code, field, reason } of await this.files.rejectsOf(fileId)) {
      lines.push(['R', line_no, record_id ?? '', code, field ? `${field}: ${reason}` : reason].join('|'));
    }
    return `${lines.join('\n')}\n`;
  }
}
