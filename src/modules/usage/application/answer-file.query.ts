import { Injectable } from '@nestjs/common';
import { FileRegister, type IntakeFile } from '../persistence/file-register.js';

/** What BOSS reads back: the state of its file and each record that was refused. */
@Injectable()
export class AnswerFile {
  constructor(private readonly files: FileRegister) {}

  /** `H|file|state|received|loaded|duplicate|rejected|held`, then `R|lineNo|recordId|code|text` per bad record. */
  async text(file: IntakeFile): Promise<string> {
    const { received, loaded, duplicate, rejected, held } = file.counts;
    const lines = [['H', file.name, file.state, received, loaded, duplicate, rejected, held].join('|')];
    if (file.problem) lines.push(['R', 0, '', file.problem.code, file.problem.text].join('|'));
    for (const { line_no, record_id, code, field, reason } of await this.files.rejectsOf(file.fileId)) {
      lines.push(['R', line_no, record_id ?? '', code, field ? `${field}: ${reason}` : reason].join('|'));
    }
    return `${lines.join('\n')}\n`;
  }
}
