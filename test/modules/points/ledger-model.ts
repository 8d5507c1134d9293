/**
 * The points ledger once more, as naively as possible and without a look at the real one: the auditor of the random
 * command lists. It knows one customer.
 */
export class LedgerModel {
  /** By last day and class, in the order in which they are used. */
  lots = new Map<string, number>();
  debt = 0;
  earned = 0;
  isClosed = false;
  isFrozen = false;

  private readonly bills = new Map<
    string,
    { cycle: string; version: number; should: number; has: number; isJudged: boolean }
  >();
  private readonly redemptions = new Map<string, { day: string; taken: Parts }>();
  private readonly reversed = new Set<string>();
  private readonly holds = new Map<string, Hold>();
  private readonly issued = new Map<number, number>();
  /** By hand without a second person, by kind and day. */
  private readonly handed = new Map<string, number>();
  /** By month. */
  private readonly given = new Map<string, number>();
  private readonly received = new Map<string, number>();
  private readonly underReview = new Map<string, { points: number; until: Date }>();

  constructor(private readonly policy: Policy) {}

  get available(): number {
    return [...this.lots.values()].reduce((sum, points) => sum + points, 0);
  }

  get held(): number {
    return [...this.holds.values()].filter(({ isOpen }) => isOpen).reduce((sum, { taken }) => sum + sumOf(taken), 0);
  }

  get filledLots(): Parts {
    return [...this.lots].filter(([, points]) => points > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** From December to November, named after its end. */
  issuedIn(year: number): number {
    return this.issued.get(year) ?? 0;
  }

  award(points: number, pointsType: Given, day: string): string {
    if (this.isClosed) return 'points.account-closed';
    this.give(points, lotOf(this.endOf(day), pointsType), day);
    return 'done';
  }

  /** Versions come in any order: one that is older than what is known changes nothing. */
  bill(billNo: string, cycle: string, version: number, spendFen: number): void {
    const before = this.bills.get(billNo);
    if (before && before.version > version) return;
    const should = Math.max(0, Math.ceil(spendFen / 100));
    this.bills.set(billNo, { cycle, version, should, has: before?.has ?? 0, isJudged: false });
  }

  /** All bills, or those of a month that has changed after it was closed. */
  accrue(day: string, month?: string): void {
    if (this.isClosed) return;
    const due = [...this.bills]
      .filter(([, bill]) => !bill.isJudged && (month === undefined || bill.cycle === month))
      .sort(([a, x], [b, y]) => (x.cycle === y.cycle ? (a < b ? -1 : 1) : x.cycle < y.cycle ? -1 : 1))
      .map(([, bill]) => bill);
    const own = (cycle: string): string => lotOf(this.endOf(cycle), 'SPENDING');
    for (const bill of due.filter(({ should, has }) => should >= has))
      this.give(bill.should - bill.has, own(bill.cycle), day);
    for (const bill of due.filter(({ should, has }) => should < has))
      this.takeBack(bill.has - bill.should, own(bill.cycle), day);
    for (const bill of due) Object.assign(bill, { has: bill.should, isJudged: true });
  }

  redeem(id: string, points: number, day: string): string {
    const { said, taken } = this.spend(points, day);
    if (taken) this.redemptions.set(id, { day, taken });
    return said;
  }

  reverse(id: string, day: string): string {
    const redemption = this.redemptions.get(id);
    if (!redemption) return 'points.redemption-not-found';
    if (this.reversed.has(id)) return 'done';
    if (redemption.day !== day) return 'points.reversal-too-late';
    if (this.isClosed) return 'points.account-closed';
    this.reversed.add(id);
    for (const [lot, points] of redemption.taken) this.fill(points, lot);
    return 'done';
  }

  authorise(id: string, points: number, day: string): string {
    const before = this.holds.get(id);
    if (before) return before.asked === points ? 'done' : 'points.key-reused';
    const { said, taken } = this.spend(points, day);
    if (taken) this.holds.set(id, { asked: points, taken, isOpen: true, hasCaptured: false, used: [] });
    return said;
  }

  /** With nothing captured it is let go. */
  endHold(id: string, captured: number): string {
    const hold = this.holds.get(id);
    if (!hold) return 'points.hold-not-found';
    if (!hold.isOpen) return 'points.hold-ended';
    if (captured > sumOf(hold.taken)) return 'points.more-than-held';
    hold.isOpen = false;
    hold.hasCaptured = captured > 0;
    let toCapture = captured;
    for (const [lot, points] of hold.taken) {
      const used = Math.min(points, toCapture);
      toCapture -= used;
      if (used > 0) hold.used = [...hold.used, [lot, used]];
      this.fill(points - used, lot);
    }
    return 'done';
  }

  /** What was captured comes back, what was taken last first: to its lot, or, shortly after its end, to one that ends a little later. */
  giveBack(id: string, points: number, day: string): string {
    const hold = this.holds.get(id);
    if (!hold) return 'points.hold-not-found';
    if (hold.isOpen || !hold.hasCaptured) return 'points.nothing-captured';
    if (points > sumOf(hold.used)) return 'points.more-than-captured';
    for (let missing = points; missing > 0;) {
      const [lot, used] = hold.used.at(-1) ?? ['', 0];
      const part = Math.min(used, missing);
      missing -= part;
      hold.used = hold.used.slice(0, -1);
      if (used > part) hold.used = [...hold.used, [lot, used - part]];
      const until = endOf(lot) >= day ? endOf(lot) : daysAfter(endOf(lot), REINSTATEMENT_DAYS);
      if (!this.isClosed && until >= day) this.fill(part, withEnd(lot, until));
    }
    return 'done';
  }

  /** Gifts and adjustments: beyond the limit of a day they need a second person. */
  byHand(kind: 'GIFT' | 'ADJUSTMENT', points: number, day: string, isApproved: boolean): string {
    const handed = this.handed.get(`${kind} ${day}`) ?? 0;
    const isSmall = handed + Math.abs(points) <= BY_ONE_HAND;
    if (!isSmall && !isApproved) return 'asked';
    if (this.isClosed) return 'points.account-closed';
    if (points < 0) {
      const usable = this.usableOn(day);
      if (sumOf(usable) < -points) return 'points.insufficient';
      this.take(-points, usable);
    } else {
      if (kind === 'GIFT') this.issue(points, day);
      this.fill(points, lotOf(this.endOf(day), kind));
    }
    if (!isSmall) return 'approved';
    this.handed.set(`${kind} ${day}`, handed + Math.abs(points));
    return 'done';
  }

  /** To another one, at once or when somebody has looked. */
  transfer(payee: LedgerModel, { id, points, now, day }: Moving): string {
    const refusal = this.limit(payee, points, day);
    if (refusal) return refusal;
    if (points <= REVIEWED_ABOVE && !payee.isFrozen) return this.moveTo(payee, points, day);
    const said = this.authorise(id, points, day);
    if (said !== 'done') return said;
    this.underReview.set(id, { points, until: new Date(now.getTime() + REVIEW_MS) });
    return 'HELD';
  }

  /** Somebody has looked at a transfer: all that counted when it was asked counts again. */
  decide(payee: LedgerModel, { id, isApproved, day }: { id: string; isApproved: boolean; day: string }): string {
    const transfer = this.underReview.get(id);
    if (!transfer) return isApproved ? 'points.transfer-ended' : 'done';
    if (!isApproved) {
      this.endReview(id);
      return 'done';
    }
    this.underReview.delete(id);
    const before = { lots: new Map(this.lots), debt: this.debt };
    const refusal = this.limit(payee, transfer.points, day) ?? refusalIn(this.endHold(id, 0));
    const said = refusal ?? this.moveTo(payee, transfer.points, day);
    if (said === 'DONE') return 'done';
    // Nothing has happened at all.
    this.underReview.set(id, transfer);
    if (refusal) return refusal;
    this.lots = before.lots;
    this.debt = before.debt;
    this.reopenHold(id);
    return said;
  }

  /** How many transfers nobody has looked at in time. */
  lapse(now: Date): number {
    const lapsed = [...this.underReview].filter(([, { until }]) => until <= now).map(([id]) => id);
    for (const id of lapsed) this.endReview(id);
    return lapsed.length;
  }

  /** What clearing clears on a day. */
  pastOn(day: string): Parts {
    return this.filledLots.filter(([lot]) => endOf(lot) < day);
  }

  expire(day: string): Parts {
    const past = this.pastOn(day);
    for (const [lot] of past) this.lots.delete(lot);
    return past;
  }

  /** Whoever has left gets nothing. */
  giveBackExpired(cleared: Parts, until: string): number {
    if (this.isClosed) return 0;
    for (const [lot, points] of cleared) this.fill(points, withEnd(lot, until));
    return sumOf(cleared);
  }

  close(): void {
    for (const hold of this.holds.values()) hold.isOpen = false;
    this.lots.clear();
    this.debt = 0;
    this.isClosed = true;
  }

  private limit(payee: LedgerModel, points: number, day: string): string | undefined {
    const month = day.slice(0, 7);
    const asked = [...this.underReview.values()].reduce((sum, each) => sum + each.points, 0);
    if (asked + (this.given.get(month) ?? 0) + points > PER_MONTH) return 'points.transfer-limit';
    if (payee.isClosed || (payee.received.get(month) ?? 0) + points > PER_MONTH) return 'points.payee-cannot-receive';
    return undefined;
  }

  private moveTo(payee: LedgerModel, points: number, day: string): string {
    const { said, taken } = this.spend(points, day, 'PROMOTION');
    if (!taken) return said;
    for (const [lot, part] of taken) payee.fill(part, lot);
    const month = day.slice(0, 7);
    this.given.set(month, (this.given.get(month) ?? 0) + points);
    payee.received.set(month, (payee.received.get(month) ?? 0) + points);
    return 'DONE';
  }

  private endReview(id: string): void {
    this.underReview.delete(id);
    // Closing the account may have ended the hold before.
    this.endHold(id, 0);
  }

  private reopenHold(id: string): void {
    const hold = this.holds.get(id);
    if (hold) hold.isOpen = true;
  }

  private usableOn(day: string): Parts {
    return this.filledLots.filter(([lot]) => endOf(lot) >= day);
  }

  private spend(points: number, day: string, first?: PointsType): { readonly said: string; readonly taken?: Parts } {
    if (this.isClosed) return { said: 'points.account-closed' };
    if (this.isFrozen) return { said: 'points.account-frozen' };
    if (this.earned <= 3_500) return { said: 'points.below-threshold' };
    const usable = this.usableOn(day);
    if (sumOf(usable) < points) return { said: 'points.insufficient' };
    const isFirst = ([lot]: Parts[number]): boolean => first !== undefined && lot === lotOf(endOf(lot), first);
    const ordered = [...usable.filter(isFirst), ...usable.filter((part) => !isFirst(part))];
    return { said: 'done', taken: this.take(points, ordered) };
  }

  private give(points: number, lot: string, day: string): void {
    if (counts(lot)) this.earned += points;
    this.issue(points, day);
    this.fill(points, lot);
  }

  private fill(points: number, lot: string): void {
    const repaid = Math.min(this.debt, points);
    this.debt -= repaid;
    this.lots.set(lot, (this.lots.get(lot) ?? 0) + points - repaid);
  }

  private takeBack(points: number, own: string, day: string): void {
    const lots = this.filledLots;
    const ordered = [...lots.filter(([lot]) => lot === own), ...lots.filter(([lot]) => lot !== own)];
    const taken = this.take(Math.min(points, this.available), ordered);
    this.debt += points - sumOf(taken);
    // Also where points of another class had to stand in for them.
    this.earned -= points;
    this.issue(-points, day);
  }

  /** Last day of what is earned in the month of a day; that of a month is found by trying. */
  private endOf(earned: string): string {
    const year = Number(earned.slice(0, 4));
    if (this.policy === 'NONE') return 'infinity';
    if (this.policy === 'ROLLING_3_CALENDAR_YEARS') return `${year + 2}-12-31`;
    const month = `${year + 3}${earned.slice(4, 7)}`;
    const days = ['31', '30', '29', '28'].map((day) => `${month}-${day}`);
    return days.find((day) => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) ?? '';
  }

  private issue(points: number, day: string): void {
    const year = Number(day.slice(0, 4)) + (day.slice(5, 7) === '12' ? 1 : 0);
    this.issued.set(year, this.issuedIn(year) + points);
  }

  private take(points: number, lots: Parts): Parts {
    let wanted = points;
    const taken: [string, number][] = [];
    for (const [lot, held] of lots) {
      const part = Math.min(held, wanted);
      if (part === 0) continue;
      taken.push([lot, part]);
      this.lots.set(lot, held - part);
      wanted -= part;
    }
    return taken;
  }
}

type Parts = readonly (readonly [lot: string, points: number])[];
type Given = 'SPENDING' | 'PROMOTION' | 'GIFT';
export const POLICIES = ['NONE', 'ROLLING_3_CALENDAR_YEARS', 'LOT_36_MONTHS'] as const;
type Policy = (typeof POLICIES)[number];

interface Hold {
  readonly asked: number;
  readonly taken: Parts;
  isOpen: boolean;
  hasCaptured: boolean;
  /** What was captured and has not come back. */
  used: Parts;
}

interface Moving {
  readonly id: string;
  readonly points: number;
  readonly now: Date;
  readonly day: string;
}

const BY_ONE_HAND = 1_000;
const PER_MONTH = 20_000;
const REVIEWED_ABOVE = 10_000;
export const REVIEW_MS = 3 * 86_400_000;
const REINSTATEMENT_DAYS = 30;

/** Classes in the order in which those of one day are used. */
const CLASSES = ['SPENDING', 'PROMOTION', 'TENURE', 'CREDIT', 'DATA', 'ADJUSTMENT', 'GIFT'] as const;
type PointsType = (typeof CLASSES)[number];

const lotOf = (lastDay: string, pointsType: PointsType): string => `${lastDay} ${CLASSES.indexOf(pointsType)}`;

/** Its last day; `infinity` is after every day, also as text. */
const endOf = (lot: string): string => lot.split(' ')[0] ?? '';
const withEnd = (lot: string, lastDay: string): string => lastDay + lot.slice(endOf(lot).length);

/** What was given away does not count towards the plan. */
const counts = (lot: string): boolean => !/ [156]$/.test(lot);

export const sumOf = (parts: Parts): number => parts.reduce((sum, [, points]) => sum + points, 0);

const refusalIn = (said: string): string | undefined => (said === 'done' ? undefined : said);

/** @param day `YYYY-MM-DD` */
export const daysAfter = (day: string, days: number): string =>
  new Date(new Date(`${day}T00:00:00Z`).getTime() + days * 86_400_000).toISOString().slice(0, 10);
