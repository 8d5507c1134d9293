import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox, type EventType } from '../../../platform/events/index.js';
import {
  applyMergePatch, headOf, readPage, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import {
  UsageSpecificationChanged,
  UsageSpecificationCreated,
  UsageSpecificationDeleted,
} from '../domain/usage-events.js';
import {
  CharacteristicRefused, eventTypeOfShipped, holdAgainst, InvalidPattern, isInForce, shippedSpecifications, SpecificationIsShipped,
  SpecificationNotInForce, type PatternToMatch, type UsageSpecification,
} from '../domain/usage-specification.js'; // prettier-ignore
import { usageSpecifications } from './usage-specification.resource.js';

/** A specification with its head, as it is shown. */
export type SpecificationView = UsageSpecification & ReturnType<typeof headOf>;

const LAST = `SELECT DISTINCT ON (specification_id) specification_id, revision, body, is_deleted
  FROM usage.usage_specification`;
const LISTED = `(SELECT each ->> 'id' AS id, each - 'id' AS body FROM jsonb_array_elements($1::jsonb) each
  UNION ALL
  SELECT specification_id::text, body FROM (${LAST} ORDER BY specification_id, revision DESC) own WHERE NOT is_deleted) s`;
/** A pattern that takes longer for a few characters is no pattern. */
const PATTERNS_WITHIN_MS = 500;

const viewOf = ({ id, body }: { readonly id: string; readonly body: UsageSpecification }): SpecificationView => ({
  ...body,
  ...headOf(usageSpecifications, id),
});

/** What records of usage may say: the specifications of the contract, and our own (话单规格). */
@Injectable()
export class UsageSpecifications {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  page(list: ListRequest): Promise<Page<SpecificationView>> {
    const source = { select: 's.id, s.body', from: LISTED, params: [JSON.stringify(shippedSpecifications())] };
    return readPage<{ id: string; body: UsageSpecification }, SpecificationView>(this.database, list, source, viewOf);
  }

  /** @throws ResourceNotFound */
  async one(id: string): Promise<SpecificationView> {
    const shipped = shippedSpecifications().find((each) => each.id === id);
    const body = shipped ?? (await this.own(this.database, id))?.body;
    if (!body) throw new ResourceNotFound('usageSpecification');
    return viewOf({ id, body });
  }

  /** @throws InvalidPattern */
  async create(given: UsageSpecification, actor: Pick<Actor, 'id'>): Promise<SpecificationView> {
    const id = newId();
    const body = await this.revised(given);
    await this.transaction.run((tx) => this.store(tx, UsageSpecificationCreated, { id, revision: 1, body }, actor));
    return viewOf({ id, body });
  }

  /** @throws ResourceNotFound, SpecificationIsShipped, AttributeNotPatchable, InvalidPattern */
  change(id: string, patch: object, actor: Pick<Actor, 'id'>): Promise<SpecificationView> {
    return this.transaction.run(async (tx) => {
      const before = await this.locked(tx, id);
      const shown = viewOf({ id, body: before.body });
      const { id: _id, href: _href, '@type': _type, ...after } = applyMergePatch(shown, patch, usageSpecifications);
      const body = await this.revised(after);
      await this.store(tx, UsageSpecificationChanged, { id, revision: before.revision + 1, body, before: before.body }, actor);
      return viewOf({ id, body });
    });
  } // prettier-ignore

  /** Records that name it keep naming it; new ones cannot. @throws ResourceNotFound, SpecificationIsShipped */
  remove(id: string, actor: Pick<Actor, 'id'>): Promise<void> {
    return this.transaction.run(async (tx) => {
      const { body, revision } = await this.locked(tx, id);
      await this.store(tx, UsageSpecificationDeleted, { id, revision: revision + 1, body, isDeleted: true }, actor);
    });
  }

  /**
   * Holds a record that names a specification against it.
   * @throws SpecificationNotInForce, CharacteristicRefused
   */
  async hold(id: string | undefined, said: Readonly<Record<string, unknown>>, at: Date): Promise<void> {
    if (id === undefined) return;
    const eventType = eventTypeOfShipped(id);
    if (eventType !== undefined && eventType === said['eventType']) return; // every record is held against the contract
    const body = eventType === undefined ? (await this.own(this.database, id))?.body : undefined;
    if (!body || !isInForce(body, at)) throw new SpecificationNotInForce();
    for (const toMatch of holdAgainst(body.specCharacteristic ?? [], said)) {
      if (!(await this.matches(toMatch))) throw new CharacteristicRefused(toMatch.name, toMatch.patterns.join(' or '));
    }
  }

  private async own(
    reader: Pick<Tx, 'query'>,
    id: string,
  ): Promise<{ readonly body: UsageSpecification; readonly revision: number } | undefined> {
    if (!isId(id)) return undefined;
    const [row] = await reader.query<{ body: UsageSpecification; revision: number; is_deleted: boolean }>(
      `${LAST} WHERE specification_id = $1 ORDER BY specification_id, revision DESC`,
      [id],
    );
    return row?.is_deleted ? undefined : row;
  }

  private async locked(tx: Tx, id: string): Promise<{ readonly body: UsageSpecification; readonly revision: number }> {
    if (eventTypeOfShipped(id) !== undefined) throw new SpecificationIsShipped();
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.specification'), hashtext($1))`, [id]);
    const own = await this.own(tx, id);
    if (!own) throw new ResourceNotFound('usageSpecification');
    return own;
  }

  private async store(
    tx: Tx,
    event: EventType<{ readonly specificationId: string }>,
    given: { id: string; revision: number; body: UsageSpecification; before?: object; isDeleted?: boolean },
    actor: Pick<Actor, 'id'>,
  ): Promise<void> {
    const { id, revision, body, before, isDeleted = false } = given;
    const now = this.clock.now();
    await tx.execute(
      `INSERT INTO usage.usage_specification (specification_id, revision, body, is_deleted, recorded_at, recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, revision, JSON.stringify(body), isDeleted, now, actor.id],
    );
    await this.outbox.publish(tx, event, { specificationId: id }, { occurredAt: now });
    tx.audit({
      action: 'usage.specify',
      objectType: 'UsageSpecification',
      objectId: id,
      ...(isDeleted ? { before: body } : { before, after: body }),
    });
  }

  /** @throws InvalidPattern */
  private async revised(given: UsageSpecification): Promise<UsageSpecification> {
    const patterns = (given.specCharacteristic ?? []).flatMap(({ name, regex, characteristicValueSpecification = [] }) =>
      [regex, ...characteristicValueSpecification.map((each) => each.regex)].flatMap((each) => (each === undefined ? [] : [{ name, value: '', patterns: [each] }])),
    );
    for (const each of patterns) {
      await this.matches(each).catch((error: unknown) => {
        throw isNoPattern(error) ? new InvalidPattern(each.name) : error;
      });
    }
    const { lifecycleStatus = 'Active', version = '1', ...rest } = given;
    return { ...rest, version, lifecycleStatus, lastUpdate: this.clock.now().toISOString() };
  } // prettier-ignore

  /** By the database, whose patterns never take exponential time, and which ends those that take long. */
  private async matches({ value, patterns }: PatternToMatch): Promise<boolean> {
    const [row] = await this.database.query<{ is_match: boolean }>(
      'SELECT bool_or($1 ~ pattern) AS is_match FROM unnest($2::text[]) AS pattern',
      [value, patterns],
      { withinMs: PATTERNS_WITHIN_MS },
    );
    return row?.is_match ?? false;
  }
}

/** SQLSTATE: invalid regular expression, or one that took too long. */
const isNoPattern = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '2201B' || error.code === '57014');
