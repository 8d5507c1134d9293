import { instantIn } from './calendar.js';
import type { SubscriptionRecord, SubscriptionStatus } from './boss-records.js';
import { SECONDARY_TARIFF, contractIn, tariffIn } from './customer.js';
import type { Customer, Moment } from './customer.js';
import type { Population } from './population.js';

interface Change extends Moment {
  readonly status: SubscriptionStatus | undefined;
}

export interface SubscriptionEvent {
  /** Month of the window in which it is said; −1: in the opening file. */
  readonly month: number;
  readonly isMain: boolean;
  readonly record: SubscriptionRecord;
}

/** Everything that was ever said about the customer's numbers, each number's versions in rising order. */
export function subscriptionHistory(population: Population, customer: Customer): readonly SubscriptionEvent[] {
  const { months } = population.settings;
  const changes: Change[] = [];
  for (const { from } of customer.tariffs.slice(1)) changes.push({ month: from, day: 1, status: undefined });
  for (const { from } of customer.contracts.slice(1)) changes.push({ month: from, day: 12, status: undefined });
  for (const suspension of customer.suspensions) {
    changes.push({ ...suspension.oneWay, status: 'SUSPENDED_ONE_WAY' });
    changes.push({ ...suspension.twoWay, status: 'SUSPENDED_TWO_WAY' });
    changes.push({ ...suspension.resumed, status: 'ACTIVE' });
  }
  const { leaves } = customer;
  const before = changes
    .filter((c) => c.month < months && (c.month < leaves.month || (c.month === leaves.month && c.day < leaves.day)))
    .filter((c) => c.month > customer.joins.month)
    .sort((a, b) => a.month - b.month || a.day - b.day);
  if (leaves.month < months) before.push({ ...leaves, status: 'TERMINATED' });

  const events: SubscriptionEvent[] = [
    snapshot(population, customer, 'MAIN_NUMBER', undefined, 1, 'ACTIVE', undefined),
  ];
  if (customer.secondaryMsisdn !== undefined) {
    events.push(snapshot(population, customer, 'SECONDARY_NUMBER', undefined, 1, 'ACTIVE', undefined));
  }
  let status: SubscriptionStatus = 'ACTIVE';
  let statusChange: Moment | undefined;
  let version = 1;
  for (const change of before) {
    if (change.status !== undefined) {
      status = change.status;
      statusChange = change;
    }
    if (status === 'TERMINATED' && customer.secondaryMsisdn !== undefined) {
      events.push(snapshot(population, customer, 'SECONDARY_NUMBER', change, 2, 'TERMINATED', change));
    }
    version += 1;
    events.push(snapshot(population, customer, 'MAIN_NUMBER', change, version, status, statusChange));
  }
  return events;
}

function snapshot(
  population: Population,
  customer: Customer,
  number: 'MAIN_NUMBER' | 'SECONDARY_NUMBER',
  change: Moment | undefined,
  version: number,
  status: SubscriptionStatus,
  statusChange: Moment | undefined,
): SubscriptionEvent {
  const isMain = number === 'MAIN_NUMBER';
  const month = change?.month ?? customer.joins.month;
  const tariff = isMain ? tariffIn(customer, Math.max(0, month)) : SECONDARY_TARIFF;
  const activatedAt = `${customer.activatedOn}T09:00:00+08:00`;
  const at = (moment: Moment): string => instantIn(population.month(moment.month), moment.day, 34_200);
  return {
    month,
    isMain,
    record: {
      recordId: `S-${customer.accountNo}-${isMain ? 1 : 2}-${version}`,
      eventTime:
        change !== undefined ? at(change) : month < 0 ? `${population.month(0).firstDate}T00:00:00+08:00` : activatedAt,
      accountNo: customer.accountNo,
      msisdn: isMain ? customer.msisdn : (customer.secondaryMsisdn ?? ''),
      name: customer.name,
      idType: 'ID_CARD',
      idNumber: customer.idNumber,
      birthDate: customer.birthDate,
      brand: customer.brand,
      regionHome: customer.province,
      branchCode: customer.branchCode,
      activatedOn: customer.activatedOn,
      status,
      statusAt: statusChange === undefined ? activatedAt : at(statusChange),
      tariffCode: tariff.code,
      packageFeeFen:
        isMain && customer.hasPackageDiscount ? tariff.feeFen - Math.round(tariff.feeFen / 5) : tariff.feeFen,
      simKind: isMain ? customer.simKind : 'SECONDARY',
      contractEndsOn: isMain ? (contractIn(customer, Math.max(0, month)) ?? '') : '',
      isRealName: customer.index % 97 !== 0,
      creditGrade:
        customer.habit === 'AUTO' ? 'A' : customer.habit === 'ON_TIME' ? 'B' : customer.habit === 'LATE' ? 'C' : 'D',
      operation: 'NEW',
      version,
    },
  };
}
