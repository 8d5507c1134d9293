/** The rules of `usage.bills_of`, told one step after another: what the statement must come to. */
export interface ModelBill {
  readonly billNo: string;
  readonly cycle: string;
  readonly payableFen: number;
  readonly paidFen: number;
  readonly issuedAt: number;
  readonly version: number;
}
export interface ModelPayment {
  readonly paymentId: string;
  readonly billNo: string | undefined;
  readonly amountFen: number;
  readonly paidAt: number;
  readonly isCancelled: boolean;
  readonly version: number;
}
export interface ModelItem {
  readonly recordId: string;
  readonly billNo: string | undefined;
  readonly cycle: string;
  readonly arrearsFen: number;
  readonly status: 'OPEN' | 'DISPUTED' | 'WRITTEN_OFF';
  /** When the day of the snapshot begins. */
  readonly takenAt: number;
  readonly version: number;
}
export interface Said {
  readonly bills: readonly ModelBill[];
  readonly payments: readonly ModelPayment[];
  readonly items: readonly ModelItem[];
}
export interface Standing {
  readonly billNo: string | null;
  readonly remainingFen: number;
  readonly state: string;
  readonly settledAt: number | undefined;
}

interface Open {
  readonly billNo: string | null;
  readonly cycle: string;
  readonly payableFen: number;
  readonly unpaidAtIssueFen: number;
  readonly firstIssuedAt: number;
  readonly statedAt: number;
  readonly item: ModelItem | undefined;
  readonly own: readonly ModelPayment[];
  readonly owedFen: number;
  leftFen: number;
  emptiedAt: number | undefined;
}

export function standingsOf({ bills, payments, items }: Said): readonly Standing[] {
  const current = newestOf(bills, ({ billNo }) => billNo);
  const money = newestOf(payments, ({ paymentId }) => paymentId)
    .filter(({ isCancelled }) => !isCancelled)
    .sort((a, b) => a.paidAt - b.paidAt || compare(a.paymentId, b.paymentId));
  const numbers = new Set(bills.map(({ billNo }) => billNo));
  const ofCycle = (cycle: string): readonly ModelBill[] => current.filter((bill) => bill.cycle === cycle);
  // A snapshot that names no bill means the only one of its month.
  const billOfItem = ({ billNo, cycle }: ModelItem): string | undefined =>
    billNo === undefined
      ? ofCycle(cycle).length === 1 ? ofCycle(cycle)[0]?.billNo : undefined
      : numbers.has(billNo) ? billNo : undefined; // prettier-ignore
  const snapshots = newestOf(items, ({ recordId }) => recordId);
  const newestSnapshot = (ofThem: readonly ModelItem[]): ModelItem | undefined =>
    [...ofThem].sort((a, b) => b.takenAt - a.takenAt || compare(b.recordId, a.recordId))[0];

  const open: Open[] = current.map((bill) => {
    const about = newestSnapshot(snapshots.filter((item) => billOfItem(item) === bill.billNo));
    // What was open before the bill was corrected says nothing of the corrected one.
    const item = about && about.takenAt > bill.issuedAt ? about : undefined;
    const firstIssuedAt = Math.min(...bills.filter(({ billNo }) => billNo === bill.billNo).map((b) => b.issuedAt));
    const own = money.filter(({ billNo }) => billNo === bill.billNo);
    const after = own.filter(({ paidAt }) => !item || paidAt >= item.takenAt);
    const unpaidAtIssueFen = bill.payableFen - bill.paidFen;
    const stated = item?.status === 'WRITTEN_OFF' ? 0 : (item?.arrearsFen ?? unpaidAtIssueFen);
    const owedFen = Math.max(0, stated - sum(after));
    const { billNo, cycle, payableFen } = bill;
    return {
      billNo, cycle, payableFen, unpaidAtIssueFen, firstIssuedAt, statedAt: item?.takenAt ?? firstIssuedAt, item, own, owedFen,
      leftFen: owedFen, emptiedAt: undefined,
    }; // prettier-ignore
  });
  const strangers = snapshots.filter((item) => billOfItem(item) === undefined);
  for (const key of new Set(strangers.map((item) => `${item.billNo ?? ''} ${item.cycle}`))) {
    const item = newestSnapshot(strangers.filter((each) => `${each.billNo ?? ''} ${each.cycle}` === key));
    if (!item || (item.billNo === undefined && ofCycle(item.cycle).length > 0)) continue;
    const owedFen = item.status === 'WRITTEN_OFF' ? 0 : item.arrearsFen;
    open.push({
      billNo: item.billNo ?? null, cycle: item.cycle, payableFen: item.arrearsFen, unpaidAtIssueFen: item.arrearsFen,
      firstIssuedAt: item.takenAt, statedAt: item.takenAt, item, own: [], owedFen, leftFen: owedFen, emptiedAt: undefined,
    }); // prettier-ignore
  }
  open.sort(
    (a, b) =>
      a.statedAt - b.statedAt ||
      a.firstIssuedAt - b.firstIssuedAt ||
      compare(a.cycle, b.cycle) ||
      compare(a.billNo ?? '\uffff', b.billNo ?? '\uffff'),
  );
  // Money that names no bill falls on the oldest that was stated open by then; what is left of it goes onto the balance.
  for (const payment of money.filter(({ billNo }) => billNo === undefined)) {
    let fen = payment.amountFen;
    for (const bill of open) {
      if (bill.statedAt > payment.paidAt || bill.leftFen === 0) continue;
      const used = Math.min(fen, bill.leftFen);
      bill.leftFen -= used;
      fen -= used;
      if (used > 0 && bill.leftFen === 0) bill.emptiedAt = payment.paidAt;
    }
  }
  return open.map((bill) => ({
    billNo: bill.billNo,
    remainingFen: bill.leftFen,
    state: stateOf(bill),
    settledAt: settledAt(bill),
  }));
}

function stateOf({ leftFen, payableFen, item }: Open): string {
  if (leftFen === 0) return 'settled';
  if (item?.status === 'DISPUTED') return 'onHold';
  return leftFen < payableFen ? 'partiallyPaid' : 'sent';
}

function settledAt(bill: Open): number | undefined {
  const { leftFen, item, unpaidAtIssueFen, firstIssuedAt, owedFen, own, emptiedAt } = bill;
  if (leftFen > 0 || item?.status === 'WRITTEN_OFF') return undefined;
  if (unpaidAtIssueFen <= 0) return firstIssuedAt;
  if (owedFen > 0) return Math.max(firstIssuedAt, emptiedAt ?? 0, own.at(-1)?.paidAt ?? 0);
  let paid = 0;
  const covering = own.find(({ amountFen }) => (paid += amountFen) >= unpaidAtIssueFen);
  return Math.max(firstIssuedAt, covering?.paidAt ?? item?.takenAt ?? 0);
}

function newestOf<T extends { readonly version: number }>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const newest = new Map<string, T>();
  for (const one of all) {
    const known = newest.get(keyOf(one));
    if (!known || known.version < one.version) newest.set(keyOf(one), one);
  }
  return [...newest.values()];
}

const sum = (payments: readonly ModelPayment[]): number => payments.reduce((fen, { amountFen }) => fen + amountFen, 0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
