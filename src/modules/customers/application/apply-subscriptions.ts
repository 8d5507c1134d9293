import { Injectable } from '@nestjs/common';
import { newId, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { archiveMove, archiveStateOf, type ArchiveState, type Subscription } from '../domain/archive.js';
import { CustomerDeparted, CustomerJoined } from '../domain/events.js';
import type { AppliedSnapshot, SubscriptionSnapshot } from '../domain/subscription-snapshot.js';
import {
  SubscriptionArchive,
  type CustomerRow,
  type LockedCustomer,
  type StoredParty,
  type StoredSubscription,
} from '../persistence/subscription-archive.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { identityIndex, readSnapshot, type ReadSnapshot } from './read-snapshot.js';
import { sealedNumberContext, sealIdentity } from './sealed-values.js';

/** A snapshot that beats what is known of its number, with the ids of what it changes. */
interface Change extends ReadSnapshot {
  readonly customerId: string;
  readonly subscriptionId: string;
  readonly isNew: boolean;
}

/**
 * BOSS's word about numbers becomes the archive. Set-wise: the number of statements does not depend on the number of
 * snapshots. Locks are taken in one order: accounts, customers, parties, numbers, each kind sorted.
 */
@Injectable()
export class ApplySubscriptions {
  constructor(
    private readonly archive: SubscriptionArchive,
    private readonly subjectKeys: SubjectKeys,
    private readonly personalData: PersonalData,
    private readonly outbox: Outbox,
  ) {}

  async execute(
    tx: Tx,
    source: string,
    snapshots: readonly SubscriptionSnapshot[],
    asOf: Date,
  ): Promise<readonly AppliedSnapshot[]> {
    if (snapshots.length === 0) return [];
    await this.archive.holdOffErasure(tx);
    const read = snapshots.map((snapshot) => readSnapshot(this.personalData, snapshot));
    const owners = await this.owners(tx, source, read);
    const owned = read.map((each) => ({ ...each, customerId: ownerOf(owners, each).customerId }));

    const before = await this.known(
      tx,
      owned.filter((each) => !ownerOf(owners, each).isNew),
    );
    const candidates = latestPerNumber(owned).filter((each) => beats(each, before.get(keyOf(each))));
    let known = before;
    let locked: readonly LockedCustomer[] = [];
    if (candidates.length > 0) {
      const existing = candidates.filter((each) => !ownerOf(owners, each).isNew);
      if (existing.length > 0) {
        locked = await this.archive.lockCustomers(tx, sortedUnique(existing.map(({ customerId }) => customerId)));
        // Somebody may have applied the same snapshots while we waited for the lock.
        known = new Map([...before, ...(await this.known(tx, existing))]);
      }
      const changes = candidates
        .filter((each) => beats(each, known.get(keyOf(each))))
        .map((each): Change => {
          const existing = known.get(keyOf(each));
          return { ...each, isNew: !existing, subscriptionId: existing?.subscriptionId ?? newId() };
        });
      if (changes.length > 0) await this.store(tx, source, changes, locked, asOf);
      return outcomes(owned, known, changes);
    }
    return outcomes(owned, known, []);
  }

  /** The customer of each account, opening archives for accounts never heard of. */
  private async owners(tx: Tx, source: string, read: readonly ReadSnapshot[]): Promise<Owners> {
    const accountNos = [...new Set(read.map(({ snapshot }) => snapshot.accountNo))];
    const found = await this.archive.findAccounts(tx, source, accountNos);
    const claims = new Map(accountNos.filter((no) => !found.has(no)).map((no) => [no, newId()]));
    const owners: Owners = new Map([...found].map(([no, customerId]) => [no, { customerId, isNew: false }]));
    if (claims.size === 0) return owners;
    const claimed = await this.archive.claimAccounts(tx, source, claims);
    for (const [no, customerId] of claims) if (claimed.has(no)) owners.set(no, { customerId, isNew: true });
    const lost = [...claims.keys()].filter((no) => !claimed.has(no));
    if (lost.length > 0) {
      for (const [no, customerId] of await this.archive.findAccounts(tx, source, lost)) {
        owners.set(no, { customerId, isNew: false });
      }
    }
    return owners;
  }

  private async known(tx: Tx, asked: readonly (ReadSnapshot & { readonly customerId: string })[]): Promise<Known> {
    if (asked.length === 0) return new Map();
    const rows = await this.archive.findSubscriptions(tx, asked);
    return new Map(rows.map((row) => [keyOf(row), row]));
  }

  private async store(
    tx: Tx,
    source: string,
    changes: readonly Change[],
    locked: readonly LockedCustomer[],
    asOf: Date,
  ): Promise<void> {
    const partyIds = await this.storeParties(tx, source, changes, asOf);
    const subscriptions = changes.map((change, i) => subscriptionOf(change, partyIds[i] ?? ''));
    const before = new Map(locked.map((customer) => [customer.customerId, customer]));
    const customers = await this.customersOf(tx, changes, subscriptions, before);

    const opened = customers.filter(({ customerId }) => !before.has(customerId));
    if (opened.length > 0) await this.archive.insertCustomers(tx, source, opened, asOf);
    const changed = customers.filter(({ customerId }) => before.has(customerId));
    if (changed.length > 0) await this.archive.updateCustomers(tx, changed, asOf);

    const keys = await this.keysOf(
      tx,
      changes.filter(({ isNew }) => isNew),
      before,
      asOf,
    );
    const added = changes.flatMap(({ isNew, msisdn, snapshot }, i) => {
      const subscription = subscriptions[i];
      if (!isNew || !subscription) return [];
      const { subscriptionId, customerId } = subscription;
      const context = sealedNumberContext(subscriptionId);
      const msisdnSealed = this.personalData.seal(msisdn, context, secretIn(keys, customerId));
      return [{ ...subscription, accountNo: snapshot.accountNo, msisdnSealed }];
    });
    if (added.length > 0) await this.archive.insertSubscriptions(tx, added, asOf);
    const renewed = subscriptions.filter((_, i) => !changes[i]?.isNew);
    if (renewed.length > 0) await this.archive.updateSubscriptions(tx, renewed, asOf);

    // A number that comes to a second account, or ends, may have another holder now.
    const held = added.length > 0 ? await this.archive.claimNumbers(tx, added) : [];
    const unsettled = sortedUnique([...held, ...renewed.map(({ numberIndex }) => numberIndex)]);
    if (unsettled.length > 0) await this.archive.settleNumbers(tx, unsettled);
    await this.announce(tx, customers, before, asOf);
  }

  private async keysOf(
    tx: Tx,
    added: readonly Change[],
    before: ReadonlyMap<string, LockedCustomer>,
    asOf: Date,
  ): Promise<ReadonlyMap<string, SubjectSecret>> {
    const customerIds = [...new Set(added.map(({ customerId }) => customerId))];
    const opened = customerIds.filter((customerId) => !before.has(customerId));
    const existing = customerIds.filter((customerId) => before.has(customerId));
    return new Map([
      ...(await this.subjectKeys.make(tx, opened, asOf)),
      ...(await this.subjectKeys.ensure(tx, existing, asOf)),
    ]);
  }

  /** What the customers are after the changes, from all subscriptions they have and had. */
  private async customersOf(
    tx: Tx,
    changes: readonly Change[],
    subscriptions: readonly StoredSubscription[],
    before: ReadonlyMap<string, LockedCustomer>,
  ): Promise<readonly CustomerRow[]> {
    const accountOf = new Map(changes.map(({ customerId, snapshot }) => [customerId, snapshot.accountNo]));
    const existing = [...accountOf.keys()].filter((customerId) => before.has(customerId));
    const all =
      existing.length > 0
        ? await this.archive.subscriptionsOf(tx, existing)
        : new Map<string, Map<string, Subscription>>();
    for (const subscription of subscriptions) {
      const own = all.get(subscription.customerId) ?? new Map<string, Subscription>();
      all.set(subscription.customerId, own.set(subscription.numberIndex, subscription));
    }
    return [...accountOf].map(([customerId, accountNo]) => {
      const [first, ...rest] = all.get(customerId)?.values() ?? [];
      if (!first) throw new Error('A changed customer has no subscription');
      return { customerId, accountNo, state: archiveStateOf([first, ...rest]) };
    });
  }

  /** Stores who the customers are; answers the party of each change. */
  private async storeParties(tx: Tx, source: string, changes: readonly Change[], asOf: Date): Promise<string[]> {
    const identities = changes.map((change) => identityIndex(this.personalData, source, change).toString('hex'));
    const latest = new Map<string, Change>();
    changes.forEach((change, i) => {
      const identity = identities[i] ?? '';
      if (beats(change, latest.get(identity))) latest.set(identity, change);
    });
    const claims = new Map([...latest.keys()].map((identity) => [identity, newId()]));
    const parties = await this.archive.resolveParties(tx, claims);
    const changed = [...latest].flatMap(([identity, { snapshot, precedence }]) => {
      const party = parties.get(identity);
      if (!party || (party.precedence && party.precedence.compare(precedence) >= 0)) return [];
      return [{ partyId: party.partyId, isNew: party.precedence === undefined, snapshot, precedence }];
    });
    const idsOf = (isNew: boolean): string[] =>
      changed.filter((party) => party.isNew === isNew).map(({ partyId }) => partyId);
    const keys = new Map([
      ...(await this.subjectKeys.make(tx, idsOf(true), asOf)),
      ...(await this.subjectKeys.ensure(tx, idsOf(false), asOf)),
    ]);
    const toStore = changed.map(({ partyId, snapshot, precedence }): StoredParty => {
      const identitySealed = sealIdentity(this.personalData, partyId, secretIn(keys, partyId), snapshot);
      const birthYear = snapshot.birthDate === undefined ? undefined : Number(snapshot.birthDate.slice(0, 4));
      return { partyId, identitySealed, idType: snapshot.idType, birthYear, precedence };
    });
    if (toStore.length > 0) await this.archive.storeParties(tx, toStore, asOf);
    return identities.map((identity) => parties.get(identity)?.partyId ?? '');
  }

  private async announce(
    tx: Tx,
    customers: readonly CustomerRow[],
    before: ReadonlyMap<string, LockedCustomer>,
    asOf: Date,
  ): Promise<void> {
    const joined: { customerId: string; joinedOn: string; isReturn: boolean }[] = [];
    const departed: { customerId: string; closedOn: string }[] = [];
    const moves: {
      customerId: string;
      moveId: string;
      from: 'in-network' | 'retained';
      to: 'in-network' | 'retained';
      movedOn: string;
    }[] = [];
    for (const { customerId, state } of customers) {
      const from = before.get(customerId);
      const move = from && archiveMove(from, state);
      if (move)
        moves.push({ customerId, moveId: newId(), from: from.archive, to: state.archive, movedOn: movedOn(state) });
      const isDeparture = move === 'departure' || (!from && state.archive === 'retained');
      if (isDeparture) departed.push({ customerId, closedOn: movedOn(state) });
      else if (!from || move === 'return') {
        joined.push({ customerId, joinedOn: state.main.activatedOn, isReturn: move === 'return' });
      }
    }
    if (moves.length > 0) await this.archive.recordMoves(tx, moves, asOf);
    await this.outbox.publishMany(
      tx,
      CustomerJoined,
      joined.map((payload) => ({ payload, customerId: payload.customerId, occurredAt: startOf(payload.joinedOn) })),
    );
    await this.outbox.publishMany(
      tx,
      CustomerDeparted,
      departed.map((payload) => ({ payload, customerId: payload.customerId, occurredAt: startOf(payload.closedOn) })),
    );
  }
}

type Owners = Map<string, { readonly customerId: string; readonly isNew: boolean }>;
type Known = ReadonlyMap<string, { readonly subscriptionId: string; readonly precedence: Buffer }>;
type Owned = ReadSnapshot & { readonly customerId: string };

function subscriptionOf(change: Change, partyId: string): StoredSubscription {
  const { snapshot } = change;
  return {
    customerId: change.customerId,
    subscriptionId: change.subscriptionId,
    partyId,
    numberIndex: change.numberHex,
    numberBytes: change.numberIndex,
    status: change.status,
    statusAt: snapshot.statusAt,
    statusOn: change.statusOn,
    activatedOn: snapshot.activatedOn,
    brand: snapshot.brand,
    region: snapshot.region,
    branchCode: snapshot.branchCode,
    tariffCode: snapshot.tariffCode,
    packageFeeFen: snapshot.packageFeeFen,
    simKind: snapshot.simKind,
    contractEndsOn: snapshot.contractEndsOn,
    realName: snapshot.realName,
    creditGrade: snapshot.creditGrade,
    recordVersion: snapshot.version,
    precedence: change.precedence,
  };
}

const keyOf = ({ customerId, numberHex }: { readonly customerId: string; readonly numberHex: string }): string =>
  `${customerId}:${numberHex}`;

const beats = (each: ReadSnapshot, known: { readonly precedence: Buffer } | undefined): boolean =>
  !known || known.precedence.compare(each.precedence) < 0;

const sortedUnique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** The business day begins in Shanghai. */
const startOf = (date: string): Date => new Date(`${date}T00:00:00+08:00`);

const movedOn = (state: ArchiveState): string => state.closedOn ?? state.main.statusOn;

function ownerOf(owners: Owners, { snapshot }: ReadSnapshot): { readonly customerId: string; readonly isNew: boolean } {
  const owner = owners.get(snapshot.accountNo);
  if (!owner) throw new Error('An account that was just claimed has no customer');
  return owner;
}

function latestPerNumber(owned: readonly Owned[]): Owned[] {
  const latest = new Map<string, Owned>();
  for (const each of owned) {
    const key = keyOf(each);
    if (beats(each, latest.get(key))) latest.set(key, each);
  }
  return [...latest.values()];
}

function outcomes(owned: readonly Owned[], known: Known, changes: readonly Change[]): AppliedSnapshot[] {
  const changeOf = new Map(changes.map((change) => [keyOf(change), change]));
  const told = new Set<string>();
  return owned.map((each) => {
    const key = keyOf(each);
    const change = changeOf.get(key);
    const current = change ?? known.get(key);
    if (!current) throw new Error('A snapshot was neither stored nor known');
    const answer = { customerId: each.customerId, subscriptionId: current.subscriptionId };
    const rank = current.precedence.compare(each.precedence);
    if (rank > 0) return { ...answer, outcome: 'stale' };
    if (!change || told.has(key)) return { ...answer, outcome: 'unchanged' };
    told.add(key);
    return { ...answer, outcome: change.isNew ? 'created' : 'updated' };
  });
}
