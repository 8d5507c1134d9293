import { businessDate } from '../../../platform/clock/index.js';
import { normaliseMsisdn, type PersonalData } from '../../../platform/privacy/index.js';
import type { SubscriptionStatus } from '../domain/archive.js';
import { precedenceOf } from '../domain/precedence.js';
import type { BossStatus, SubscriptionSnapshot } from '../domain/subscription-snapshot.js';

/** A snapshot with the keys under which it is found and ranked. */
export interface ReadSnapshot {
  readonly snapshot: SubscriptionSnapshot;
  readonly msisdn: string;
  readonly numberIndex: Buffer;
  readonly numberHex: string;
  readonly precedence: Buffer;
  readonly status: SubscriptionStatus;
  readonly statusOn: string;
}

const STATUS: Readonly<Record<BossStatus, SubscriptionStatus>> = {
  ACTIVE: 'active',
  SUSPENDED_ONE_WAY: 'suspended-one-way',
  SUSPENDED_TWO_WAY: 'suspended-two-way',
  TERMINATED: 'terminated',
};

/** @throws InvalidMsisdn */
export function readSnapshot(personalData: PersonalData, snapshot: SubscriptionSnapshot): ReadSnapshot {
  const msisdn = normaliseMsisdn(snapshot.msisdn);
  const numberIndex = personalData.blindIndex('msisdn', msisdn);
  const content = [
    msisdn,
    snapshot.accountNo,
    snapshot.name,
    snapshot.idType,
    snapshot.idNumber,
    snapshot.birthDate,
    snapshot.brand,
    snapshot.region,
    snapshot.branchCode,
    snapshot.activatedOn,
    snapshot.status,
    snapshot.tariffCode,
    snapshot.packageFeeFen,
    snapshot.simKind,
    snapshot.contractEndsOn,
    snapshot.realName,
    snapshot.creditGrade,
  ].join('|');
  return {
    snapshot,
    msisdn,
    numberIndex,
    numberHex: numberIndex.toString('hex'),
    // Keyed, since few enough people and numbers exist to try them all against a plain digest.
    precedence: precedenceOf(snapshot, personalData.blindIndex('snapshot', content)),
    status: STATUS[snapshot.status],
    statusOn: businessDate(snapshot.statusAt),
  };
}

/** The key of a person or company: its document; without one, its account stands for it. */
export function identityIndex(personalData: PersonalData, source: string, { snapshot }: ReadSnapshot): Buffer {
  const { idType, idNumber, accountNo } = snapshot;
  return personalData.blindIndex(
    'idNumber',
    idNumber ? documentKey(idType, idNumber) : `account:${source}:${accountNo}`,
  );
}

export const documentKey = (idType: string | undefined, idNumber: string): string =>
  `${(idType ?? '').toUpperCase()}:${idNumber.replace(/\s/g, '').toUpperCase()}`;
