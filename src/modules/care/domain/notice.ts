import type { Tier } from '../../tiering/index.js';
import type { LevelEvent } from './level-event.js';
import type { NoticeKind } from './notice-kind.js';

export const noticeStates = ['queued', 'sent', 'failed'] as const;
export type NoticeState = (typeof noticeStates)[number];

export const noticeChannels = ['SMS'] as const;

/** In both languages; whoever sends it takes one. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A message about the own level or points that waits to be sent (通知): one for each subject and kind. It says nothing of who the customer is. */
export interface Notice {
  readonly noticeId: string;
  readonly customerId: string;
  /** What it is about: a decision about the level, a notice of points that expire, a month's points. */
  readonly decisionId: string;
  readonly kind: NoticeKind;
  readonly channel: (typeof noticeChannels)[number];
  readonly words: Words;
  readonly queuedAt: Date;
  readonly state: NoticeState;
  /** How often sending it was tried. */
  readonly attempts: number;
  /** As the sender calls what went wrong last. */
  readonly failureCode: string | null;
  readonly reportedAt: Date | null;
}

/** @param template with the placeholders {level}, {oldLevel} and {date}. */
export function wordsOf(template: Words, event: Pick<LevelEvent, 'level' | 'oldLevel' | 'date'>): Words {
  const [year, month, day] = event.date.split('-').map(Number);
  return {
    zh: filled(template.zh, { ...named(event, 'zh'), date: `${year}年${month}月${day}日` }),
    en: filled(template.en, { ...named(event, 'en'), date: event.date }),
  };
}

/** After so many attempts nobody tries again. */
export const MAX_ATTEMPTS = 3;

/** What a sender says of one of its attempts, counted from 1. */
export interface SendingReport {
  readonly attempt: number;
  readonly result: 'sent' | 'failed';
  readonly failureCode: string | null;
}

/**
 * What a report makes of a notice; the notice itself where it is not the first to say so. What was sent stays sent; that it was, may become
 * known late.
 * @returns undefined for a report of an attempt that cannot have been.
 */
export function afterReport<N extends Pick<Notice, 'state' | 'attempts' | 'failureCode'>>(
  notice: N,
  { attempt, result, failureCode }: SendingReport,
): N | undefined {
  const { state, attempts } = notice;
  const isNext = attempt === attempts + 1 && state === 'queued';
  if (attempt > attempts && !isNext) return undefined;
  if (result === 'sent') {
    return state === 'sent'
      ? notice
      : { ...notice, state: 'sent', attempts: Math.max(attempts, attempt), failureCode: null };
  }
  if (!isNext) return notice;
  return { ...notice, state: attempt >= MAX_ATTEMPTS ? 'failed' : 'queued', attempts: attempt, failureCode };
}

const NAMES: Readonly<Record<Tier, Words>> = {
  DIAMOND: { zh: '钻石卡', en: 'diamond' },
  PLATINUM: { zh: '白金卡', en: 'platinum' },
  GOLD: { zh: '金卡', en: 'gold' },
  SILVER: { zh: '银卡', en: 'silver' },
  HONOURED_GUEST: { zh: '贵宾卡', en: 'honoured guest' },
  ORDINARY: { zh: '普通客户', en: 'ordinary' },
};

const named = ({ level, oldLevel }: Pick<LevelEvent, 'level' | 'oldLevel'>, language: keyof Words) => ({
  level: NAMES[level][language],
  oldLevel: NAMES[oldLevel][language],
});

const filled = (template: string, values: Readonly<Record<'level' | 'oldLevel' | 'date', string>>): string =>
  template.replace(/\{(level|oldLevel|date)\}/g, (_, name: keyof typeof values) => values[name]);
