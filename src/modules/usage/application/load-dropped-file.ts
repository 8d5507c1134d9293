import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { deadLetterAlarmKey } from '../domain/alarm.js';
import { parseFileName } from '../domain/file-envelope.js';
import { TooManyFiles } from '../domain/refusals.js';
import { BadFile } from '../domain/rejection.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';
import { blocksOf, IntakeFolder, sha256Of, type DroppedFile } from '../persistence/intake-folder.js';
import { SourceRegister } from '../persistence/source-register.js';
import { FindFiles } from './find-files.query.js';
import { LoadFile, type FileAnswer } from './load-file.js';

/** Loads one file of the drop folder, answers it beside it and puts it away. Twice is harmless: the second time it is a repeat. */
@Injectable()
export class LoadDroppedFile {
  private readonly logger = new Logger(LoadDroppedFile.name);

  constructor(
    private readonly transaction: Transaction,
    private readonly folder: IntakeFolder,
    private readonly sources: SourceRegister,
    private readonly alarms: IntakeAlarms,
    private readonly files: LoadFile,
    private readonly answers: FindFiles,
  ) {}

  async execute(name: string): Promise<void> {
    const dropped = await this.folder.open(name);
    if (!dropped) return;
    try {
      const answer = await this.load(name, dropped);
      await this.folder.putAway(name, answer.state === 'BAD' ? 'bad' : 'done', this.answers.answerLines(answer));
    } catch (error) {
      if (!(error instanceof TooManyFiles)) throw error; // It stays where it is, and is found again.
    } finally {
      await dropped.file.close();
    }
  }

  /** After its last attempt: somebody has to look, and the files behind it go on. */
  async giveUp(name: string, attempts: number): Promise<void> {
    const parsed = parseFileName(name);
    if (!parsed) return;
    const { source, kind: recordKind, businessDate } = parsed;
    const key = deadLetterAlarmKey(name);
    await this.transaction.run((tx) =>
      this.alarms.raise(tx, {
        kind: 'DEAD_LETTER',
        source,
        recordKind,
        businessDate,
        key,
        detail: { file: name, attempts },
      }),
    );
    await this.folder.putAway(name, 'bad', badAnswer(name, 'E_FORMAT', `given up after ${attempts} attempts`));
    this.logger.error(`The file ${name} was given up after ${attempts} attempts`);
  }

  private async load(name: string, { file, announced }: DroppedFile): Promise<FileAnswer> {
    const source = parseFileName(name)?.source ?? '';
    if (!(await this.sources.find(source))) {
      return this.files.refuseUnread(name, new BadFile('E_FORMAT', 'the source is not registered'));
    }
    if (announced !== undefined && announced !== (await sha256Of(file))) {
      return this.files.refuseUnread(name, new BadFile('E_CHECKSUM', 'the file is not the one of its .chk'));
    }
    const body = Readable.from(blocksOf(file), { objectMode: false });
    body.on('error', () => undefined); // it is thrown where the stream is read; of a refused file the rest is not
    try {
      return await this.files.execute(name, body);
    } finally {
      body.destroy();
    }
  }
}

async function* badAnswer(name: string, code: string, text: string): AsyncGenerator<string> {
  yield `H|${name}|BAD|0|0|0|0|0\nR|0||${code}|${text}\n`;
}
