/** What one side says of a business day. Sums as in the trailer of a file: fen, begun minutes of voice, KB. */
export interface DayFigures {
  readonly records: number;
  readonly feeFen: number;
  readonly minutes: number;
  readonly kb: number;
}

/** A source that signs its files one by one says nothing of sums when some of their records were sent before. */
export type SaidFigures = { readonly records: number } & {
  readonly [Sum in keyof Omit<DayFigures, 'records'>]: number | undefined;
};

export const MEASURES = ['RECORDS', 'FEE_FEN', 'MINUTES', 'KB', 'RECORD'] as const;
/** `RECORD`: one record by its id; the others are sums of the day. */
export type Measure = (typeof MEASURES)[number];
export const DIFFERENCE_TYPES = ['MISSING', 'EXTRA', 'AMOUNT', 'NO_STATEMENT'] as const;
/** MISSING: they have it, we do not (少单); EXTRA: we have it, they do not (多单); AMOUNT: both, with other figures (金额不符). */
export type DifferenceType = (typeof DIFFERENCE_TYPES)[number];

export interface Difference {
  readonly type: DifferenceType;
  readonly measure: Measure;
  readonly theirs: number | undefined;
  readonly ours: number;
}

const SUMS = [
  ['FEE_FEN', 'feeFen'],
  ['MINUTES', 'minutes'],
  ['KB', 'kb'],
] as const;

/** Where the sums of both sides differ; none: the day is even (账平). */
export function differencesOf(theirs: SaidFigures | undefined, ours: DayFigures): readonly Difference[] {
  if (!theirs) return [{ type: 'NO_STATEMENT', measure: 'RECORDS', theirs: undefined, ours: ours.records }];
  const count: readonly Difference[] =
    theirs.records === ours.records
      ? []
      : [
          {
            type: theirs.records > ours.records ? 'MISSING' : 'EXTRA',
            measure: 'RECORDS',
            theirs: theirs.records,
            ours: ours.records,
          },
        ];
  const sums = SUMS.flatMap(([measure, sum]): Difference[] => {
    const said = theirs[sum];
    return said === undefined || said === ours[sum] ? [] : [{ type: 'AMOUNT', measure, theirs: said, ours: ours[sum] }];
  });
  return [...count, ...sums];
}

/** What the files of a day say together, once what some of them said again is taken off. */
export function saidByFiles(signed: DayFigures, duplicates: number): SaidFigures {
  const { records, feeFen, minutes, kb } = signed;
  if (duplicates === 0) return { records, feeFen, minutes, kb };
  return { records: records - duplicates, feeFen: undefined, minutes: undefined, kb: undefined };
}
