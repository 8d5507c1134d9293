import { businessDate } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { SubscriptionSnapshot } from '../domain/subscription-snapshot.js';
import { erasedUntil } from '../persistence/erasure-rows.js';
import type { FindCustomers } from './find-customers.query.js';

/**
 * The positions of snapshots that come too late to open an archive: of an account that is not known, and of a time up to which
 * customers were erased. One of them may be of somebody who was erased; a list of those would itself be personal data, so all
 * are refused. An account with a later snapshot beside them lives, or ended later, and is opened.
 */
export async function lateSnapshots(
  tx: Tx,
  find: FindCustomers,
  source: string,
  snapshots: readonly SubscriptionSnapshot[],
): Promise<ReadonlySet<number>> {
  const until = await erasedUntil(tx);
  if (until === undefined) return new Set();
  const latest = new Map<string, string>();
  for (const snapshot of snapshots) {
    const known = latest.get(snapshot.accountNo);
    const day = lastDayOf(snapshot);
    if (known === undefined || known < day) latest.set(snapshot.accountNo, day);
  }
  const old = [...latest].flatMap(([accountNo, day]) => (day <= until ? [{ source, accountNo }] : []));
  const owners = await find.byAccounts(old, tx);
  const refused = new Set(old.filter((_, i) => owners[i] === undefined).map(({ accountNo }) => accountNo));
  return new Set(snapshots.flatMap(({ accountNo }, i) => (refused.has(accountNo) ? [i] : [])));
}

/** The last day on which the snapshot shows service. */
const lastDayOf = ({ status, statusAt, eventTime }: SubscriptionSnapshot): string =>
  businessDate(status === 'TERMINATED' ? statusAt : eventTime);
