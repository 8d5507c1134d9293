/**
 * The points ledger once more, as naively as possible and without a look at the real one: the auditor of the random
 * command lists. It knows one customer.
 */
export class LedgerModel {
  /** By last day and class, in the order in which they are used. */
  readonly lots = new Map<string, number>();
  debt = 0;
  earned = 0;
  isClosed = false;
  isFrozen = false;

  private readonly bills = new Map<string, { cycle: string; should: number; has: number; isJudged: boolean }>();
  private readonly redemptions = new Map<string, { day: string; taken: Parts }>();
  private readonly reversed = new Set<string>();
  private readonly holds = new Map<string, { taken: Parts; isOpen: boolean }>();
  private readonly issued = new Map<number, number>();

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
    this.give(points, lotOf(endOf(day), pointsType), day);
    return 'done';
  }

  bill(billNo: string, cycle: string, spendFen: number): void {
    const before = this.bills.get(billNo);
    const should = Math.max(0, Math.ceil(spendFen / 100));
    this.bills.set(billNo, { cycle: before?.cycle ?? cycle, should, has: before?.has ?? 0, isJudged: false });
  }

  accrue(day: string): void {
    if (this.isClosed) return;
    const due = [...this.bills]
      .filter(([, bill]) => !bill.isJudged)
      .sort(([a, x], [b, y]) => (x.cycle === y.cycle ? (a < b ? -1 : 1) : x.cycle < y.cycle ? -1 : 1))
      .map(([, bill]) => bill);
    const own = (cycle: string): string => lotOf(endOf(cycle), 'SPENDING');
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
    const { said, taken } = this.spend(points, day);
    if (taken) this.holds.set(id, { taken, isOpen: true });
    return said;
  }

  /** With nothing captured it is let go. */
  endHold(id: string, captured: number): string {
    const hold = this.holds.get(id);
    if (!hold) return 'points.hold-not-found';
    if (!hold.isOpen) return 'points.hold-ended';
    if (captured > sumOf(hold.taken)) return 'points.more-than-held';
    hold.isOpen = false;
    let toCapture = captured;
    for (const [lot, points] of hold.taken) {
      const used = Math.min(points, toCapture);
      toCapture -= used;
      this.fill(points - used, lot);
    }
    return 'done';
  }

  close(): void {
    for (const hold of this.holds.values()) hold.isOpen = false;
    this.lots.clear();
    this.debt = 0;
    this.isClosed = true;
  }

  private spend(points: number, day: string): { readonly said: string; readonly taken?: Parts } {
    if (this.isClosed) return { said: 'points.account-closed' };
    if (this.isFrozen) return { said: 'points.account-frozen' };
    if (this.earned <= 3_500) return { said: 'points.below-threshold' };
    const usable = this.filledLots.filter(([lot]) => lot.slice(0, 10) >= day);
    if (sumOf(usable) < points) return { said: 'points.insufficient' };
    return { said: 'done', taken: this.take(points, usable) };
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
    const owed = points - sumOf(taken);
    this.debt += owed;
    this.earned -= owed + sumOf(taken.filter(([lot]) => counts(lot)));
    this.issue(-points, day);
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

/** Classes in the order in which those of one day are used. */
const CLASSES = ['SPENDING', 'PROMOTION', 'TENURE', 'CREDIT', 'DATA', 'ADJUSTMENT', 'GIFT'] as const;

const lotOf = (lastDay: string, pointsType: (typeof CLASSES)[number]): string =>
  `${lastDay} ${CLASSES.indexOf(pointsType)}`;

/** What was given away does not count towards the plan. */
const counts = (lot: string): boolean => !/ [156]$/.test(lot);

const sumOf = (parts: Parts): number => parts.reduce((sum, [, points]) => sum + points, 0);

/** The last day of the month three years after, found by trying. */
function endOf(earned: string): string {
  const month = `${Number(earned.slice(0, 4)) + 3}${earned.slice(4, 7)}`;
  const days = ['31', '30', '29', '28'].map((day) => `${month}-${day}`);
  return days.find((day) => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) ?? '';
}
