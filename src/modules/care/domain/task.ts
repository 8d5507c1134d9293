export const taskStates = ['open', 'done', 'cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/** `departed`, `no-longer-asked` (neither the level nor its table asks for it any more): said by the run. */
export const cancellations = ['departed', 'no-longer-asked', 'by-hand'] as const;
export type Cancellation = (typeof cancellations)[number];

/** Something to be done for a customer (任务): once for each standard action and occasion. */
export interface Task {
  readonly taskId: string;
  readonly customerId: string;
  readonly actionId: string;
  readonly code: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly content: string;
  /** The first day of its period, or the decision about the level. */
  readonly occasion: string;
  /** The level that asked for it. */
  readonly tier: string;
  /** The account manager whose task it is; null: anybody's of the unit. */
  readonly managerId: string | null;
  readonly madeOn: string;
  /** The last day in time. */
  readonly dueOn: string;
  readonly state: TaskState;
  /** In the words of who has ended it. */
  readonly outcome: string | null;
  readonly cancelledBecause: Cancellation | null;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
}

/** The words that end a task. */
export interface Ending {
  readonly as: 'done' | 'cancelled';
  readonly outcome: string;
}

/** Whether it would end now; said once more it has. `undefined`: it has ended otherwise. */
export function ends({ state }: Pick<Task, 'state'>, { as }: Ending): boolean | undefined {
  if (state === 'open') return true;
  return state === as ? false : undefined;
}
