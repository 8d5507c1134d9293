import { ACCOUNT_OWNER_VIEW, NUMBER_TENURE_VIEW, PROFILE_VIEW } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Intake } from '../domain/intake.js';
import { NotYourRecords } from '../domain/refusals.js';
import { binaryArray } from './binary-copy.js';
import { bytesOf, CustomerIds } from './customer-ids.js';
import { NumberOrdinals } from './number-ordinals.js';

/** Beyond this many numbers the next batch begins with none: memory stays bounded, those that come again are asked for again. */
const REMEMBERED = 200_000;

/** No customer. */
export const NOBODY = -1;

/** Somebody who had a number from one time to another, both epoch milliseconds. */
interface Tenure {
  readonly customer: number;
  readonly from: number;
  readonly until: number;
  /** Another one of the same number. */
  readonly next?: Tenure | undefined;
}

/**
 * Whom records are about. Each number (with its account) gets an ordinal and is looked up once; records carry the ordinal until
 * their customer is known. Of number and account the account decides, since numbers are given to somebody else after a while; without
 * an account it is who had the number at the time (DOMAIN §4.3.25).
 */
export class Subjects {
  readonly customers = new CustomerIds();
  readonly #ordinals = new NumberOrdinals();
  readonly #accounts: (string | undefined)[] = [];
  readonly #numbers: number[] = [];
  readonly #tenures: (Tenure | undefined)[] = [];
  readonly #ofOwnProvince = new Set<number>();
  #asked = 0;

  constructor(private readonly personalData: PersonalData) {}

  get isFull(): boolean {
    return this.#ordinals.size >= REMEMBERED;
  }

  ordinalOf(msisdn: number, accountNo: string | undefined): number {
    const known = this.#ordinals.get(msisdn);
    if (known !== undefined && this.#accounts[known] === accountNo) return known;
    const ordinal = this.#numbers.push(msisdn) - 1;
    this.#accounts.push(accountNo);
    this.#ordinals.set(msisdn, ordinal);
    return ordinal;
  }

  indexOf(ordinal: number): Buffer {
    return this.personalData.blindIndex('msisdn', `+86${this.#numbers[ordinal]}`);
  }

  accountOf(ordinal: number): string | undefined {
    return this.#accounts[ordinal];
  }

  /** The sender may send this only of customers of its own provinces. */
  askForOwnProvince(ordinal: number): void {
    this.#ofOwnProvince.add(ordinal);
  }

  /** Who had the number at the end of a time, or else the last who had it in that time; {@link NOBODY} if nobody had. */
  customerOf(ordinal: number, from: number, until: number): number {
    let holder: Tenure | undefined;
    for (let tenure = this.#tenures[ordinal]; tenure; tenure = tenure.next) {
      if (tenure.from > until || tenure.until < from) continue;
      if (!holder || isBetter(tenure, holder, until)) holder = tenure;
    }
    return holder?.customer ?? NOBODY;
  }

  /** Finds the customers of the ordinals given since it was last asked. @throws NotYourRecords when one is of a province that the sender does not send for. */
  async find(tx: Tx, { source, provinces }: Pick<Intake, 'source' | 'provinces'>): Promise<void> {
    const first = this.#asked;
    if (first < this.#numbers.length) {
      this.#asked = this.#numbers.length;
      const withAccount: number[] = [];
      const withNumber: number[] = [];
      for (let ordinal = first; ordinal < this.#asked; ordinal++) {
        (this.#accounts[ordinal] === undefined ? withNumber : withAccount).push(ordinal);
      }
      await this.#findByAccount(tx, source, withAccount);
      await this.#findByNumber(tx, withNumber);
      this.customers.rank();
    }
    if (provinces) await this.#refuseForeign(tx, provinces);
  }

  async #refuseForeign(tx: Tx, provinces: readonly string[]): Promise<void> {
    const asked = new Set<string>();
    for (const ordinal of this.#ofOwnProvince) {
      if (ordinal >= this.#asked) continue; // of a batch that is still being read
      this.#ofOwnProvince.delete(ordinal);
      for (let tenure = this.#tenures[ordinal]; tenure; tenure = tenure.next) {
        asked.add(this.customers.idOf(tenure.customer));
      }
    }
    if (asked.size === 0) return;
    const foreign = await tx.query(
      `SELECT 1 FROM ${PROFILE_VIEW} p WHERE p.customer_id = ANY ($1::uuid[]) AND p.region <> ALL ($2::text[]) LIMIT 1`,
      [[...asked], provinces],
    );
    if (foreign.length > 0) throw new NotYourRecords('customer');
  }

  async #findByAccount(tx: Tx, source: string, ordinals: readonly number[]): Promise<void> {
    if (ordinals.length === 0) return;
    const asked = binaryArray('text', ordinals.length, (into, at) => into.ascii(this.#accounts[ordinals[at] ?? 0]));
    // Thousands of answers in one value, a place and an id each. OFFSET 0: whatever the statistics say, the accounts are found by
    // their key and all in one walk; the directory of all accounts must not be read for a few.
    const [answer] = await tx.query<{ owners: Buffer | null }>(
      `SELECT string_agg(int4send(a.at::int) || uuid_send(o.customer_id), '') AS owners
       FROM unnest($2::text[]) WITH ORDINALITY AS a (account_no, at) JOIN (
         SELECT account_no, customer_id FROM ${ACCOUNT_OWNER_VIEW}
         WHERE source = $1 AND account_no = ANY ($2::text[]) OFFSET 0
       ) o USING (account_no)`,
      [source, asked],
    );
    const owners = answer?.owners ?? Buffer.alloc(0);
    for (let at = 0; at < owners.length; at += 20) {
      const customer = this.customers.numberOf(owners, at + 4);
      this.#tenures[ordinals[owners.readInt32BE(at) - 1] ?? 0] = { customer, from: -Infinity, until: Infinity };
    }
  }

  async #findByNumber(tx: Tx, ordinals: readonly number[]): Promise<void> {
    if (ordinals.length === 0) return;
    const rows = await tx.query<{ at: number; customer_id: string; held_from: Date; held_until: Date | null }>(
      `SELECT a.at, t.customer_id, t.held_from, t.held_until
       FROM unnest($1::bytea[]) WITH ORDINALITY AS a (msisdn_index, at) CROSS JOIN LATERAL (
         SELECT customer_id, held_from, held_until FROM ${NUMBER_TENURE_VIEW} WHERE msisdn_index = a.msisdn_index OFFSET 0
       ) t`,
      [ordinals.map((ordinal) => this.indexOf(ordinal))],
    );
    for (const { at, customer_id: id, held_from: from, held_until: until } of rows) {
      const customer = this.customers.numberOf(bytesOf(id));
      const ordinal = ordinals[at - 1] ?? 0;
      const next = this.#tenures[ordinal];
      this.#tenures[ordinal] = { customer, from: from.getTime(), until: until?.getTime() ?? Infinity, next };
    }
  }
}

/** The day on which a number changes hands is both's, until the hour at which the first one left. */
function isBetter(a: Tenure, b: Tenure, until: number): boolean {
  const [aHolds, bHolds] = [a.until >= until, b.until >= until];
  if (aHolds !== bHolds) return aHolds;
  if (a.until !== b.until) return aHolds ? a.until < b.until : a.until > b.until;
  return a.from > b.from;
}
