/**
 * The points ledger once more, as naively as possible and without a look at the real one: the auditor of the random
 * command lists. It knows one customer.
 */
export class LedgerModel {
  readonly lots = new Map<string, number>();
  debt = 0;
  earned = 0;
  isClosed = false;

  private readonly bills = new Map<string, { cycle: string; should: number; has: number; isJudged: boolean }>();
  private readonly redemptions: { id: string; day: string; taken: readonly (readonly [string, number])[] }[] = [];
  private readonly reversed = new Set<string>();

  get available(): number {
    return [...this.lots.values()].reduce((sum, points) => sum + points, 0);
  }

  get filledLots(): readonly (readonly [string, number])[] {
    return [...this.lots].filter(([, points]) => points > 0).sort(([a], [b]) => a.localeCompare(b));
  }

  award(points: number, day: string): string {
    if (this.isClosed) return 'points.account-closed';
    this.give(points, endOf(day));
    return 'done';
  }

  bill(billNo: string, cycle: string, spendFen: number): void {
    const before = this.bills.get(billNo);
    const should = Math.max(0, Math.ceil(spendFen / 100));
    this.bills.set(billNo, { cycle: before?.cycle ?? cycle, should, has: before?.has ?? 0, isJudged: false });
  }

  accrue(): void {
    if (this.isClosed) return;
    const due = [...this.bills]
      .filter(([, bill]) => !bill.isJudged)
      .sort(([a, x], [b, y]) => (x.cycle === y.cycle ? (a < b ? -1 : 1) : x.cycle < y.cycle ? -1 : 1))
      .map(([, bill]) => bill);
    for (const bill of due.filter(({ should, has }) => should >= has))
      this.give(bill.should - bill.has, endOf(bill.cycle));
    for (const bill of due.filter(({ should, has }) => should < has))
      this.takeBack(bill.has - bill.should, endOf(bill.cycle));
    for (const bill of due) Object.assign(bill, { has: bill.should, isJudged: true });
  }

  redeem(id: string, points: number, day: string): string {
    if (this.isClosed) return 'points.account-closed';
    if (this.earned <= 3_500) return 'points.below-threshold';
    const usable = this.filledLots.filter(([last]) => last >= day);
    if (usable.reduce((sum, [, held]) => sum + held, 0) < points) return 'points.insufficient';
    this.redemptions.push({ id, day, taken: this.take(points, usable) });
    return 'done';
  }

  reverse(nth: number, day: string): string {
    const redemption = this.redemptions[nth];
    if (!redemption) return 'points.redemption-not-found';
    if (this.reversed.has(redemption.id)) return 'done';
    if (redemption.day !== day) return 'points.reversal-too-late';
    if (this.isClosed) return 'points.account-closed';
    this.reversed.add(redemption.id);
    for (const [lot, points] of redemption.taken) this.fill(points, lot);
    return 'done';
  }

  close(): void {
    this.lots.clear();
    this.debt = 0;
    this.isClosed = true;
  }

  private give(points: number, lot: string): void {
    this.earned += points;
    this.fill(points, lot);
  }

  private fill(points: number, lot: string): void {
    const repaid = Math.min(this.debt, points);
    this.debt -= repaid;
    this.lots.set(lot, (this.lots.get(lot) ?? 0) + points - repaid);
  }

  private takeBack(points: number, own: string): void {
    this.earned -= points;
    const lots = this.filledLots;
    const ordered = [...lots.filter(([lot]) => lot === own), ...lots.filter(([lot]) => lot !== own)];
    const taken = this.take(Math.min(points, this.available), ordered);
    this.debt += points - taken.reduce((sum, [, part]) => sum + part, 0);
  }

  private take(points: number, lots: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
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

/** The last day of the month three years after, found by trying. */
function endOf(earned: string): string {
  const month = `${Number(earned.slice(0, 4)) + 3}${earned.slice(4, 7)}`;
  const days = ['31', '30', '29', '28'].map((day) => `${month}-${day}`);
  return days.find((day) => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) ?? '';
}
