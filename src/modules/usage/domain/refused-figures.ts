import { startOfBusinessDay } from './business-month.js';
import type { Kind } from './codes.js';
import type { ControlFigures } from './control-totals.js';
import { LAYOUT } from './field-table.js';
import type { RecordFields } from './record-fields.js';

/** What of a kind the trailer adds up, by name. */
const SUMMED: Readonly<Record<Kind, { readonly fee?: string; readonly time: string }>> = {
  SUB: { time: 'eventTime' },
  USG: { fee: 'feeFen', time: 'eventTime' },
  BIL: { fee: 'payableFen', time: 'issuedAt' },
  PAY: { fee: 'amountFen', time: 'paidAt' },
  ARR: { fee: 'arrearsFen', time: 'snapshotOn' },
};

/**
 * What a line that is refused adds to the sums of the trailer, as the contract has it: a field that is no whole number counts
 * 0, a time that is no time is left out.
 */
export function figuresOfRefused(
  kind: Kind,
  line: RecordFields,
): { readonly figures: ControlFigures; readonly time: number | undefined } {
  const place = (name: string | undefined): number =>
    name === undefined ? Infinity : LAYOUT[kind].names.indexOf(name) + 1;
  const whole = (name: string | undefined): number => {
    const field = place(name);
    return field < line.count ? (line.integer(field) ?? 0) : 0;
  };
  const { fee, time } = SUMMED[kind];
  const at = place(time);
  const isCall = kind === 'USG' && /^VOICE_M[OT]$/.test(line.ascii(place('eventType')) ?? '');
  return {
    figures: {
      feeFen: whole(fee),
      minutes: isCall ? Math.ceil(whole('durationSec') / 60) : 0,
      volumeKb: kind === 'USG' ? whole('volumeKB') : 0,
    },
    time: at >= line.count ? undefined : kind === 'ARR' ? dayOf(line.date(at)) : line.instant(at),
  };
}

const dayOf = (date: string | undefined): number | undefined =>
  date === undefined ? undefined : startOfBusinessDay(date);
