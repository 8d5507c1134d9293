import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { CustomersFacade } from '../../customers/index.js';
import { Clock } from '../../../platform/clock/index.js';
import { asSystem, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { wholeFile } from '../../../platform/http/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { RecordsLoaded } from '../domain/events.js';
import { deadLetterAlarmKey, deadlineAlarmKey } from '../domain/alarm.js';
import type { Encoding } from '../domain/feed.js';
import { parseFileName, type FileName, type Header } from '../domain/file-envelope.js';
import { FileReading, type OnFile } from '../domain/file-reading.js';
import { LineSplitter } from '../domain/line-splitter.js';
import { UnknownFileName } from '../domain/refusals.js';
import { BadFile } from '../domain/rejection.js';
import { DayClosings } from '../persistence/day-closings.js';
import { FileRegister, type FileCounts, type IntakeFile } from '../persistence/file-register.js';
import { MonthPartitions } from '../persistence/month-partitions.js';
import { openKind } from '../persistence/record-kinds.js';
import type { Exception } from '../persistence/record-store.js';
import type { Intake, IntakeLane } from '../domain/intake.js';
import { RejectList } from '../persistence/reject-list.js';
import { keepRejected, type RejectedLine } from '../persistence/rejected-records.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';
import { SourceRegister } from '../persistence/source-register.js';
import { CloseFiles } from './close-files.js';
import { inflate } from './inflate.js';
import { IntakeMetrics } from './intake-metrics.js';
import { IntakePolicy, provincesOfSender } from './intake-policy.js';
import { ReleaseHeldRecords } from './release-held-records.js';
import { RecordLoader, type LineLoader } from './record-loader.js';

const ALREADY_LOADED = { code: 'E_DUP', text: 'the file was loaded before; this is the answer it got then' };
/** Of a file that is refused as a whole so many bad lines are kept for its sender to look at. */
const KEPT_OF_BAD_FILE = 1_000;

export interface FileAnswer extends IntakeFile {
  /** The file was loaded before; this is the answer it got then. */
  readonly isRepeat: boolean;
}

/** What is known of a file while it is read. */
interface Reception {
  readonly fileId: string;
  readonly name: FileName;
  readonly lane: IntakeLane;
  readonly receivedAt: Date;
  readonly counts: { received: number; duplicate: number; rejected: number; held: number };
  readonly rejects: RejectedLine[];
  header: Header | undefined;
  encoding: Encoding;
}

/** Reads a BOSS file as it arrives and stores it wholly, in part, or not at all, in one transaction. */
@Injectable()
export class LoadFile {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly customers: CustomersFacade,
    private readonly personalData: PersonalData,
    private readonly policy: IntakePolicy,
    private readonly files: FileRegister,
    private readonly days: DayClosings,
    private readonly rejects: RejectList,
    private readonly partitions: MonthPartitions,
    private readonly sources: SourceRegister,
    private readonly closeFiles: CloseFiles,
    private readonly alarms: IntakeAlarms,
    private readonly metrics: IntakeMetrics,
    private readonly release: ReleaseHeldRecords,
  ) {}

  /**
   * The file's answer. A file that was loaded before has no effect.
   * @param body the bytes as sent, gzip or plain.
   * @throws UnknownFileName, TooManyFiles, and whatever breaks the stream or the database: then nothing is stored.
   */
  async execute(name: string, body: Readable, lane: IntakeLane = 'normal'): Promise<FileAnswer> {
    const parsed = parseFileName(name);
    if (!parsed) throw new UnknownFileName();
    return asSystem(() => this.loadOnce(parsed, body, lane)); // Billing's records belong to whomever they name.
  }

  /** A file that is BAD before it is read: it is not the one that was announced. @throws UnknownFileName */
  async refuseUnread(name: string, problem: BadFile): Promise<FileAnswer> {
    const parsed = parseFileName(name);
    if (!parsed) throw new UnknownFileName();
    const answer = await this.transaction.run((tx) => this.refuse(tx, this.receptionOf(parsed, 'normal'), problem));
    this.metrics.file(answer);
    return answer;
  }

  private async loadOnce(parsed: FileName, body: Readable, lane: IntakeLane): Promise<FileAnswer> {
    const answer = await this.policy.inTurn(parsed.source, lane, () => this.receive(parsed, body, lane));
    this.metrics.file(answer);
    if (!answer.isRepeat && answer.counts.loaded > 0) await this.release.execute(answer);
    return answer;
  }

  private async receive(name: FileName, body: Readable, lane: IntakeLane): Promise<FileAnswer> {
    const reception = this.receptionOf(name, lane);
    try {
      return await this.transaction.run((tx) => this.load(tx, reception, body));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      await wholeFile(body); // Nobody else may make a signed file a bad one.
      return await this.transaction.run((tx) => this.refuse(tx, reception, error));
    } finally {
      body.resume(); // what is left of a refused file is read past, so that the sender gets the answer
    }
  }

  private receptionOf(name: FileName, lane: IntakeLane): Reception {
    return {
      fileId: newId(),
      name,
      lane,
      receivedAt: this.clock.now(),
      counts: { received: 0, duplicate: 0, rejected: 0, held: 0 },
      rejects: [],
      header: undefined,
      encoding: 'UTF-8',
    };
  }

  private async load(tx: Tx, reception: Reception, body: Readable): Promise<FileAnswer> {
    await this.files.takeTurn(tx, reception.name);
    reception.encoding = await this.sources.encodingOf(tx, reception.name.source, reception.name.kind);
    const before = await this.files.loadedBefore(tx, reception.name);
    if (!before) await this.enterDay(tx, reception);
    let loader: LineLoader | undefined;
    const on: OnFile = {
      header: (header) => {
        reception.header = header;
        loader = before ? undefined : this.loaderOf(tx, reception, header);
      },
      record: (lineNo, bytes, start, end, fault) => {
        reception.counts.received++;
        loader?.take(lineNo, bytes, start, end, fault);
      },
    };
    const reading = new FileReading(reception.name, on, reception.encoding);
    const lines = new LineSplitter((...line) => reading.line(...line));
    try {
      for await (const block of inflate(body, this.policy.maxInflatedBytes)) {
        lines.push(block);
        if (!loader?.isFull) continue;
        await this.policy.giveWay(reception.lane);
        await loader.flush();
      }
      lines.end();
      await wholeFile(body); // A gzip may end before the bytes do, and what was announced of them is known only then.
      const { trailer, sha256, fingerprint } = reading.end();
      if (before) return this.answerAgain(before, fingerprint);
      if (!loader) throw new Error('A whole file without a header');
      loader.totals.mustEqual(trailer, sha256);
      await loader.finish();
      await this.days.sign(tx, reception.fileId, trailer);
      return await this.accept(tx, reception, fingerprint);
    } finally {
      // The connection is only free for a rollback when no batch is on its way.
      await loader?.settle();
    }
  }

  private async enterDay(tx: Tx, { fileId: intakeId, name, lane, receivedAt }: Reception): Promise<void> {
    if (!(await this.days.enter(tx, { ...name, intakeId, lane, receivedAt }))) {
      throw new BadFile('E_CLOSED', `the business day ${name.businessDate} is signed off`);
    }
  }

  private loaderOf(tx: Tx, reception: Reception, header: Header): LineLoader {
    const { counts, fileId, name, lane, receivedAt } = reception;
    const intake: Intake = {
      intakeId: fileId,
      kind: name.kind,
      source: name.source,
      lane,
      receivedAt,
      provinces: provincesOfSender(),
      province: name.province,
      businessDate: name.businessDate,
    };
    const judge = { limits: this.policy.limits, createdAt: header.createdAt, now: receivedAt.getTime() };
    const onReject = (line: RejectedLine): void => {
      counts.rejected++;
      if (reception.rejects.length < KEPT_OF_BAD_FILE) reception.rejects.push(line);
    };
    const { customers, personalData, partitions, outbox } = this;
    const context = { tx, intake, judge, customers, personalData, partitions, outbox, onException: countIn(counts) };
    return openKind(
      name.kind,
      context,
      (reader, store, batchRows): LineLoader =>
        new RecordLoader(tx, intake, judge, personalData, reader, store, batchRows, onReject),
    );
  }

  private answerAgain(before: IntakeFile, fingerprint: Buffer): FileAnswer {
    if (!before.fingerprint.equals(fingerprint)) {
      throw new BadFile('E_SEQ', `sequence ${before.sequence} was loaded already, with another content`);
    }
    return { ...before, isRepeat: true, problem: ALREADY_LOADED };
  }

  private async accept(tx: Tx, reception: Reception, fingerprint: Buffer): Promise<FileAnswer> {
    const { counts } = reception;
    const { maxRejectRate, toleratedRejects } = this.policy.limits;
    if (counts.rejected >= toleratedRejects && counts.rejected > counts.received * maxRejectRate) {
      throw new BadFile(
        'E_FORMAT',
        `${counts.rejected} of ${counts.received} records are wrong, more than ${maxRejectRate * 100}%`,
      );
    }
    const loaded = counts.received - counts.duplicate - counts.rejected - counts.held;
    const file = this.fileOf(
      reception,
      counts.rejected + counts.held > 0 ? 'PARTIAL' : 'OK',
      { ...counts, loaded },
      fingerprint,
    );
    await this.files.add(tx, file);
    if (counts.rejected > 0) await this.rejects.gather(tx, { ...file, intakeId: file.fileId });
    const { fileId: intakeId, kind, source, lane, receivedAt } = file;
    if (loaded > 0) {
      await this.outbox.publish(tx, RecordsLoaded, { intakeId, kind, source, lane }, { occurredAt: receivedAt });
    }
    await this.advanceFeed(tx, file);
    return { ...file, isRepeat: false };
  }

  private async advanceFeed(tx: Tx, file: IntakeFile): Promise<void> {
    const { source, kind, businessDate, finishedAt } = file;
    const feed = await this.sources.lockFeed(tx, source, kind, finishedAt);
    await this.sources.fileLoaded(tx, file, finishedAt);
    await this.closeFiles.execute(tx, source, feed);
    await this.alarms.clear(tx, deadlineAlarmKey(source, kind, businessDate));
    await this.alarms.clear(tx, deadLetterAlarmKey(file.name));
  }

  private async refuse(tx: Tx, reception: Reception, problem: BadFile): Promise<FileAnswer> {
    const { counts, fileId, name, receivedAt, rejects } = reception;
    const nothing = { ...counts, loaded: 0, duplicate: 0, held: 0 };
    const file = {
      ...this.fileOf(reception, 'BAD', nothing, Buffer.alloc(0)),
      problem: { code: problem.code, text: problem.message },
    };
    await this.files.add(tx, file);
    const { kind, source } = name;
    await keepRejected(tx, { intakeId: fileId, kind, source, lane: reception.lane, receivedAt }, rejects);
    return { ...file, isRepeat: false };
  }

  private fileOf(
    reception: Reception,
    state: IntakeFile['state'],
    counts: FileCounts,
    fingerprint: Buffer,
  ): IntakeFile {
    const { fileId, name, lane, receivedAt, header, encoding } = reception;
    return {
      ...name,
      fileId,
      state,
      lane,
      encoding,
      counts,
      problem: undefined,
      createdAt: header && new Date(header.createdAt),
      receivedAt,
      finishedAt: this.clock.now(),
      closedAt: undefined,
      fingerprint,
    };
  }
}

const countIn =
  (counts: { duplicate: number; rejected: number; held: number }) =>
  (_lineNo: number, exception: Exception): void => {
    if (exception === 'DUPLICATE') counts.duplicate++;
    else if (exception === 'HELD') counts.held++;
    else counts.rejected++;
  };
