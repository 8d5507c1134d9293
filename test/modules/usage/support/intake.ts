import type { Provider, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Clock } from '../../../../src/platform/clock/index.js';
import { Settings } from '../../../../src/platform/config/index.js';
import { Database, Transaction } from '../../../../src/platform/database/index.js';
import { Outbox } from '../../../../src/platform/events/index.js';
import { PersonalData } from '../../../../src/platform/privacy/index.js';
import { CustomersFacade } from '../../../../src/modules/customers/index.js';
import { AllottedNumbers } from '../../../../src/modules/customers/index.js';
import { ApplySubscriptions } from '../../../../src/modules/customers/application/apply-subscriptions.js';
import { FindBillingNames } from '../../../../src/modules/customers/application/billing-names.query.js';
import { FindCustomers } from '../../../../src/modules/customers/application/find-customers.query.js';
import { SubjectKeys } from '../../../../src/modules/customers/persistence/subject-keys.js';
import { SubscriptionArchive } from '../../../../src/modules/customers/persistence/subscription-archive.js';
import { CloseFiles } from '../../../../src/modules/usage/application/close-files.js';
import { FindFiles } from '../../../../src/modules/usage/application/find-files.query.js';
import { GatherPushes } from '../../../../src/modules/usage/application/gather-pushes.js';
import { RecordRate } from '../../../../src/modules/usage/application/record-rate.js';
import { WatchFeeds } from '../../../../src/modules/usage/application/watch-feeds.js';
import { ChangeSource } from '../../../../src/modules/usage/application/change-source.js';
import { FindDroppedFiles } from '../../../../src/modules/usage/application/find-dropped-files.js';
import { LoadDroppedFile } from '../../../../src/modules/usage/application/load-dropped-file.js';
import { IntakeFolder } from '../../../../src/modules/usage/persistence/intake-folder.js';
import { IntakeMetrics } from '../../../../src/modules/usage/application/intake-metrics.js';
import { IntakePolicy } from '../../../../src/modules/usage/application/intake-policy.js';
import { LoadLines } from '../../../../src/modules/usage/application/load-lines.js';
import { LoadFile } from '../../../../src/modules/usage/application/load-file.js';
import { PushRecords } from '../../../../src/modules/usage/application/push-records.js';
import { ReleaseHeldRecords } from '../../../../src/modules/usage/application/release-held-records.js';
import { DayClosings } from '../../../../src/modules/usage/persistence/day-closings.js';
import { RejectList } from '../../../../src/modules/usage/persistence/reject-list.js';
import { IntakeAlarms } from '../../../../src/modules/usage/persistence/intake-alarms.js';
import { SourceRegister } from '../../../../src/modules/usage/persistence/source-register.js';
import { FileRegister } from '../../../../src/modules/usage/persistence/file-register.js';
import { MonthPartitions } from '../../../../src/modules/usage/persistence/month-partitions.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';

export interface TestIntake {
  readonly db: TestDatabase;
  readonly files: LoadFile;
  readonly records: PushRecords;
  readonly held: ReleaseHeldRecords;
  readonly sources: ChangeSource;
  readonly watch: WatchFeeds;
  readonly dropped: FindDroppedFiles;
  readonly loading: LoadDroppedFile;
  readonly answers: FindFiles;
  readonly personalData: PersonalData;
  readonly clock: { time: Date };
  /** Opens an archive for a number (account `A-<number>`) without a BOSS file; answers its customer. */
  customer(msisdn: string): Promise<string>;
  get<T>(useCase: Type<T>): T;
  close(): Promise<void>;
}

/** @param more use cases that a test needs besides loading. */
export async function startIntake(
  settings: Partial<Settings> = {},
  more: readonly Provider[] = [],
): Promise<TestIntake> {
  const db = await createTestDatabase();
  const source = await db.dataSource();
  const clock = { time: new Date('2025-02-02T00:00:00Z') };
  const personalData = new PersonalData([{ id: 'k1', key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));
  const providers: Provider[] = [
    { provide: Clock, useValue: { now: () => clock.time } },
    { provide: Settings, useValue: Object.assign(new Settings(), { maxUploadBytes: 1 << 30 }, settings) },
    { provide: Database, useValue: new Database(source) },
    { provide: Transaction, useValue: new Transaction(source) },
    { provide: PersonalData, useValue: personalData },
    Outbox, AllottedNumbers, ApplySubscriptions, FindBillingNames, FindCustomers, SubjectKeys, SubscriptionArchive, CustomersFacade, LoadFile, LoadLines, PushRecords,
    ReleaseHeldRecords, FindFiles, IntakePolicy, IntakeMetrics, FindDroppedFiles, LoadDroppedFile, IntakeFolder, WatchFeeds, ChangeSource, GatherPushes, RecordRate, IntakeAlarms, SourceRegister, CloseFiles, FileRegister, DayClosings, RejectList, MonthPartitions,
  ]; // prettier-ignore
  const module: TestingModule = await Test.createTestingModule({ providers: [...providers, ...more] }).compile();
  let customers = 0;
  return {
    db,
    files: module.get(LoadFile),
    records: module.get(PushRecords),
    held: module.get(ReleaseHeldRecords),
    sources: module.get(ChangeSource),
    watch: module.get(WatchFeeds),
    dropped: module.get(FindDroppedFiles),
    loading: module.get(LoadDroppedFile),
    answers: module.get(FindFiles),
    personalData,
    clock,
    customer: async (msisdn) => {
      const id = `019a0000-0000-7000-8000-${String(++customers).padStart(12, '0')}`;
      const index = personalData.blindIndex('msisdn', `+86${msisdn}`);
      const long = '2015-01-01';
      await db.query(
        `INSERT INTO customers.party (party_id, kind, precedence, updated_at) VALUES ($1, 'individual', '', $2::date)`,
        [id, long],
      );
      await db.query(
        `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, opened_on, real_name, version, created_at, updated_at)
         VALUES ($1, $1, 'individual', 'in-network', 'active', $2::date, true, 1, $2::date, $2::date)`,
        [id, long],
      );
      await db.query(
        `INSERT INTO customers.subscription (customer_id, subscription_id, party_id, account_no, msisdn_index, msisdn_sealed, status,
           status_at, activated_on, brand, region, package_fee_fen, sim_kind, real_name, record_version, precedence, updated_at)
         VALUES ($1, $1, $1, $2, $3, '', 'active', $4::date, $4::date, 'GOTONE', '440000', 0, 'MAIN', true, 1, '', $4::date)`,
        [id, `A-${msisdn}`, index, long],
      );
      await db.query('INSERT INTO customers.msisdn_directory VALUES ($1, $2, $2)', [index, id]);
      await db.query(`INSERT INTO customers.account_directory VALUES ('BOSS', $1, $2)`, [`A-${msisdn}`, id]);
      return id;
    },
    get: (useCase) => module.get(useCase),
    close: async () => {
      await module.close();
      await db.drop();
    },
  };
}
