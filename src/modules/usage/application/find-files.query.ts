import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import { fileOf, FileRegister, type FileRow, type IntakeFile } from '../persistence/file-register.js';

export type { IntakeFile };

/** Whose files somebody sees: of one source, of some provinces. */
export interface FilesSeen {
  readonly source?: string;
  readonly provinces?: readonly string[];
}

/** What is asked about files that came in: by operators, and by BOSS that reads its answer. */
@Injectable()
export class FindFiles {
  constructor(
    private readonly database: Database,
    private readonly files: FileRegister,
  ) {}

  page<View extends object>(
    list: ListRequest,
    seen: FilesSeen,
    viewOf: (file: IntakeFile) => View,
  ): Promise<Page<View>> {
    const source = {
      select: 'f.*',
      from: 'usage.intake_file f',
      where: '($1::text IS NULL OR f.source = $1) AND ($2::text[] IS NULL OR f.province = ANY($2))',
      params: [seen.source ?? null, seen.provinces ?? null],
    };
    return readPage<FileRow, View>(this.database, list, source, (row) => viewOf(fileOf(row)));
  }

  /** @throws ResourceNotFound also for a file that this reader does not see. */
  async byId(fileId: string, { source, provinces }: FilesSeen): Promise<IntakeFile> {
    const file = await this.files.find(fileId);
    if (!file) throw new ResourceNotFound('file');
    if (source !== undefined && source !== file.source) throw new ResourceNotFound('file');
    if (provinces !== undefined && !provinces.includes(file.province)) throw new ResourceNotFound('file');
    return file;
  }

  /** {@link answerLines} of a file that this reader sees. @throws ResourceNotFound */
  async answerOf(fileId: string, seen: FilesSeen): Promise<AsyncGenerator<string>> {
    return this.answerLines(await this.byId(fileId, seen));
  }

  async answerText(fileId: string, seen: FilesSeen): Promise<string> {
    let text = '';
    for await (const lines of await this.answerOf(fileId, seen)) text += lines;
    return text;
  }

  /**
   * The answer file: `H|file|state|received|loaded|duplicate|rejected|held`, then `R|lineNo|recordId|code|text` per record that was
   * refused, and with the code `HELD` per record that still waits. In pieces: a file may hold a million that wait.
   */
  async *answerLines({ fileId, name, state, counts, problem }: IntakeFile): AsyncGenerator<string> {
    const { received, loaded, duplicate, rejected, held } = counts;
    const head = [['H', name, state, received, loaded, duplicate, rejected, held].join('|')];
    if (problem) head.push(['R', 0, '', problem.code, problem.text].join('|'));
    yield `${head.join('\n')}\n`;
    for await (const page of this.files.setAsideOf(fileId)) {
      const lines = page.map(({ line_no, record_id, code, field, reason }) =>
        ['R', line_no, record_id ?? '', code, field ? `${field}: ${reason}` : reason].join('|'),
      );
      yield `${lines.join('\n')}\n`;
    }
  }
}
