import { Injectable } from '@nestjs/common';
import { AllottedNumbers, CustomersFacade } from '../../customers/index.js';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { asSystem, newId, Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import type { Kind } from '../domain/codes.js';
import { Rejection } from '../domain/rejection.js';
import { MonthPartitions } from '../persistence/month-partitions.js';
import { FIELDS_OF, openKind } from '../persistence/record-kinds.js';
import { CONFLICT, TOO_LATE, type Exception } from '../persistence/record-store.js';
import type { Intake } from '../domain/intake.js';
import type { RejectedLine } from '../persistence/rejected-records.js';
import { IntakePolicy, provincesOfSender } from './intake-policy.js';
import { ReleaseHeldRecords } from './release-held-records.js';
import { RecordLoader, type LineLoader } from './record-loader.js';

export type RecordOutcome =
  | { readonly outcome: 'ACCEPTED' | 'DUPLICATE' }
  | {
      readonly outcome: 'REJECTED';
      readonly code: string;
      readonly field: string | undefined;
      readonly message: string;
    }
  | { readonly outcome: 'HELD'; readonly reason: 'UNKNOWN_CUSTOMER' | 'UNKNOWN_REFERENCE' };

/** A record as JSON: the contract's field names, values as text, number or boolean. */
export type PushedRecord = Readonly<Record<string, unknown>>;

/** Takes records one by one or in small batches, with an answer for each. */
@Injectable()
export class PushRecords {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly customers: CustomersFacade,
    private readonly numbers: AllottedNumbers,
    private readonly personalData: PersonalData,
    private readonly policy: IntakePolicy,
    private readonly partitions: MonthPartitions,
    private readonly release: ReleaseHeldRecords,
  ) {}

  /** One outcome per record, in their order. What is refused is refused alone. */
  async execute(kind: Kind, source: string, records: readonly PushedRecord[]): Promise<readonly RecordOutcome[]> {
    const lines = records.map((record) => lineOf(kind, record));
    return asSystem(() => this.store(kind, source, lines)); // Billing's records belong to whomever they name.
  }

  private async store(
    kind: Kind,
    source: string,
    lines: readonly (string | Rejection)[],
  ): Promise<readonly RecordOutcome[]> {
    const receivedAt = this.clock.now();
    const now = receivedAt.getTime();
    const intake: Intake = { intakeId: newId(), kind, source, receivedAt, provinces: provincesOfSender() };
    const ranges = await this.numbers.current();
    const today = businessDate(receivedAt);
    const isAllotted = (national: string): boolean => ranges.isAllotted(national, today);
    const judge = { limits: this.policy.limits, createdAt: now, now, isAllotted };
    const outcomes = lines.map((): RecordOutcome => ({ outcome: 'ACCEPTED' }));
    const refuse = (line: number, { code, field, text }: Rejection): void => {
      outcomes[line] = { outcome: 'REJECTED', code, field: field || undefined, message: text };
    };
    const { customers, personalData, partitions } = this;
    await this.transaction.run(async (tx) => {
      const context = {
        tx, intake, judge, customers, personalData,
        onException: (line: number, exception: Exception, reason?: 'UNKNOWN_CUSTOMER' | 'UNKNOWN_REFERENCE') => {
          if (exception === 'CONFLICT') refuse(line, CONFLICT);
          else if (exception === 'LATE') refuse(line, TOO_LATE);
          else if (exception === 'DUPLICATE') outcomes[line] = { outcome: 'DUPLICATE' };
          else outcomes[line] = { outcome: 'HELD', reason: reason ?? 'UNKNOWN_CUSTOMER' };
        },
      }; // prettier-ignore
      const prepare = (): Promise<void> => partitions.ensureAround(now, judge.limits.lateDays);
      const onReject = ({ lineNo, rejection }: RejectedLine): void => refuse(lineNo, rejection);
      const loader = openKind(
        kind,
        context,
        (reader, store): LineLoader =>
          new RecordLoader(tx, intake, judge, personalData, reader, store, lines.length, prepare, onReject),
      );
      for (const [at, line] of lines.entries()) {
        if (line instanceof Rejection) {
          refuse(at, line);
          continue;
        }
        const bytes = Buffer.from(line);
        loader.take(at, bytes, 0, bytes.length);
      }
      await loader.finish();
    });
    if (outcomes.some(({ outcome }) => outcome === 'ACCEPTED')) await this.release.execute();
    return outcomes;
  }
}

/** The record as the line it would be in a file: both channels are read by the same rules, so both give the same hash. */
function lineOf(kind: Kind, record: PushedRecord): string | Rejection {
  const fields: string[] = ['D'];
  for (const name of FIELDS_OF[kind]) {
    const value = record[name] ?? '';
    const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
    if (!isPlain || /[|\r\n]/.test(text) || text.length > 256) {
      return new Rejection('E_FORMAT', name, 'must be a text without |, CR, LF, a whole number, or true or false');
    }
    fields.push(text);
  }
  return fields.join('|');
}
