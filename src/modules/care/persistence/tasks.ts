import { derivedIdSql, withoutNestedLoops, type Database, type Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Slice } from '../../../platform/queues/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { CURRENT_GRACE, CURRENT_LEVEL, CURRENT_TIER } from '../../tiering/index.js';
import { occasionOf, type LevelEvent } from '../domain/level-event.js';
import { daysLater, programOf, turnOf, type StandardAction } from '../domain/standard-action.js';
import type { Ending, Task } from '../domain/task.js';

type Reader = Pick<Database | Tx, 'query'>;

/** Tasks with what is to be done and the day: rows `t`, `a` and `d`. The first parameter is the business day. */
export const TASKS = {
  select: `t.task_id AS "taskId", t.customer_id AS "customerId", t.action_id AS "actionId", t.code, a.label, a.content, t.occasion, t.tier,
    t.manager_id AS "managerId", t.made_on AS "madeOn", t.due_on AS "dueOn", t.state, t.outcome,
    t.cancelled_because AS "cancelledBecause", t.ended_by AS "endedBy", t.ended_at AS "endedAt"`,
  from: `care.task t JOIN care.standard_action a ON a.action_id = t.action_id CROSS JOIN (SELECT $1::date AS today) d`,
} as const;

/** Whom a standard action may ask something for, and who is left with an open task. */
export const CARED_FOR = `SELECT customer_id FROM ${PROFILE_VIEW} WHERE archive = 'in-network'
  UNION SELECT customer_id FROM care.task WHERE state = 'open'`;

/** Cancelled by the run, not by people: it may come back. */
const IS_TAKEN_BACK = `COALESCE(t.cancelled_because IN ('departed', 'no-longer-asked'), false)`;

const IS_THE_SAME = `t.customer_id = j.customer_id AND t.code = j.code AND t.occasion = j.occasion AND t.state = 'open'`;

interface Making {
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly actions: readonly StandardAction[];
  readonly asOf: string;
  readonly at: Date;
}

/**
 * One task for each customer, action and period; open ones whose reason is gone are cancelled, the others follow the customer to another
 * manager. What was cancelled like this comes back with its reason. In one statement, linear in the customers of the slice.
 */
export async function makeTasks(tx: Tx, { slice, actions, asOf, at }: Making): Promise<Counts> {
  const asked = actions.map(({ actionId, tier, customerKind, code, everyMonths, onEvent, dueWithinDays }) => {
    const turn = everyMonths === null ? undefined : turnOf({ everyMonths, dueWithinDays }, asOf);
    const occasion = { on_event: onEvent, occasion: turn?.occasion, due_on: turn?.dueOn };
    return { action_id: actionId, tier, kind: customerKind, code, ...occasion };
  });
  // The planner guesses that a slice is small, and would look for each customer's action among everybody's.
  const [counts] = await withoutNestedLoops(tx, () =>
    tx.query<{ made: number; cancelled: number; handedOver: number }>(
      `WITH action AS MATERIALIZED (
       SELECT * FROM jsonb_to_recordset($3::jsonb) AS a (action_id uuid, tier text, kind text, code text, on_event text, occasion text, due_on date)
     ), standing AS MATERIALIZED (
       SELECT p.customer_id, p.kind, p.manager_id, p.archive = 'in-network' AS is_here,
         COALESCE(l.tier, CASE p.kind WHEN 'individual' THEN 'ORDINARY' END) AS tier
       FROM ${PROFILE_VIEW} p LEFT JOIN ${CURRENT_LEVEL} l ON l.customer_id = p.customer_id AND ${isInSlice('l')}
         AND l.program = CASE p.kind WHEN 'group' THEN '${programOf.group}' ELSE '${programOf.individual}' END
       WHERE ${isInSlice('p')}
     ), asked AS MATERIALIZED (
       SELECT s.customer_id, s.manager_id, a.* FROM standing s JOIN action a ON a.tier = s.tier AND a.kind = s.kind WHERE s.is_here
     ), made AS (
       INSERT INTO care.task AS t (customer_id, code, occasion, task_id, action_id, tier, manager_id, made_on, due_on)
       SELECT customer_id, code, occasion, ${derivedIdSql('customer_id || code || occasion')}, action_id, tier, manager_id, $4::date, due_on
       FROM asked k WHERE occasion IS NOT NULL AND NOT EXISTS (
         SELECT FROM care.task t WHERE ${isInSlice('t')} AND t.customer_id = k.customer_id AND t.code = k.code AND t.occasion = k.occasion
           AND NOT ${IS_TAKEN_BACK})
       ON CONFLICT (customer_id, code, occasion) DO UPDATE SET state = 'open', cancelled_because = NULL, ended_at = NULL,
         action_id = excluded.action_id, tier = excluded.tier, manager_id = excluded.manager_id, due_on = excluded.due_on
       WHERE ${IS_TAKEN_BACK}
       RETURNING 1
     ), judged AS (
       SELECT t.customer_id, t.code, t.occasion, s.manager_id, s.is_here,
         k.code IS NOT NULL AND (k.occasion IS NOT NULL OR k.tier = t.tier)
           AND (k.on_event IS DISTINCT FROM 'level-will-be-lowered' OR g.decision_id IS NOT NULL) AS is_asked
       FROM care.task t JOIN standing s ON s.customer_id = t.customer_id
         LEFT JOIN asked k ON k.customer_id = t.customer_id AND k.code = t.code
         LEFT JOIN ${CURRENT_GRACE} g ON g.customer_id = t.customer_id AND ${isInSlice('g')} AND g.decision_id::text = t.occasion
       WHERE ${isInSlice('t')} AND t.state = 'open'
     ), cancelled AS (
       UPDATE care.task t SET state = 'cancelled', ended_at = $5, cancelled_because = CASE WHEN j.is_here THEN 'no-longer-asked' ELSE 'departed' END
       FROM judged j
       WHERE ${isInSlice('t')} AND ${IS_THE_SAME} AND NOT j.is_asked
       RETURNING 1
     ), handed_over AS (
       UPDATE care.task t SET manager_id = j.manager_id FROM judged j
       WHERE ${isInSlice('t')} AND ${IS_THE_SAME} AND j.is_asked AND t.manager_id IS DISTINCT FROM j.manager_id
       RETURNING 1
     )
     SELECT (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM cancelled) AS cancelled,
       (SELECT count(*) FROM handed_over) AS "handedOver"`,
      [slice.from, slice.to, JSON.stringify(asked), asOf, at],
    ),
  );
  return { ...counts };
}

interface Happened {
  readonly events: readonly LevelEvent[];
  readonly actions: readonly StandardAction[];
  readonly today: string;
}

/**
 * One task for each event and action that is done on it, whether the event comes once, twice or late: of one that another has overtaken,
 * none. In one statement.
 */
export async function makeTasksOnEvents(tx: Tx, { events, actions, today }: Happened): Promise<void> {
  const happened = events.flatMap(({ customerId, decisionId, kind, holds, isComing }) => {
    const occasion = occasionOf(kind);
    return occasion === undefined
      ? []
      : [{ customer_id: customerId, decision_id: decisionId, on_event: occasion, tier: holds, is_coming: isComing }];
  });
  const asked = actions.flatMap(({ actionId, tier, customerKind, code, onEvent, dueWithinDays }) =>
    onEvent === null
      ? []
      : [
          {
            action_id: actionId,
            tier,
            kind: customerKind,
            code,
            on_event: onEvent,
            due_on: daysLater(today, dueWithinDays),
          },
        ],
  );
  if (happened.length === 0 || asked.length === 0) return;
  await tx.execute(
    `INSERT INTO care.task (customer_id, code, occasion, task_id, action_id, tier, manager_id, made_on, due_on)
     SELECT p.customer_id, a.code, e.decision_id::text, ${derivedIdSql('p.customer_id || a.code || e.decision_id')}, a.action_id, a.tier, p.manager_id,
       $3::date, a.due_on
     FROM jsonb_to_recordset($1::jsonb) AS e (customer_id uuid, decision_id uuid, on_event text, tier text, is_coming boolean)
       JOIN ${PROFILE_VIEW} p ON p.customer_id = e.customer_id AND p.archive = 'in-network'
       LEFT JOIN ${CURRENT_TIER} l ON l.customer_id = e.customer_id
       JOIN jsonb_to_recordset($2::jsonb) AS a (action_id uuid, tier text, kind text, code text, on_event text, due_on date)
         ON a.tier = e.tier AND a.kind = p.kind AND a.on_event = e.on_event
     WHERE COALESCE(l.tier, 'ORDINARY') = e.tier AND (NOT e.is_coming OR EXISTS (
       SELECT FROM ${CURRENT_GRACE} g WHERE g.customer_id = e.customer_id AND g.decision_id = e.decision_id))
     ON CONFLICT (customer_id, code, occasion) DO NOTHING`,
    [JSON.stringify(happened), JSON.stringify(asked), today],
  );
}

export async function taskOf(reader: Reader, taskId: string, today: string): Promise<Task | undefined> {
  const [found] = await reader.query<Task>(`SELECT ${TASKS.select} FROM ${TASKS.from} WHERE t.task_id = $2`, [
    today,
    taskId,
  ]);
  return found;
}

/** Nobody else ends it until the end of the transaction. */
export async function holdTask(tx: Tx, { customerId, code, occasion }: Task): Promise<void> {
  await tx.query('SELECT FROM care.task WHERE customer_id = $1 AND code = $2 AND occasion = $3 FOR UPDATE', [
    customerId,
    code,
    occasion,
  ]);
}

interface Ended extends Ending {
  readonly task: Task;
  readonly by: string;
  readonly at: Date;
}

export async function endTask(tx: Tx, { task, as, outcome, by, at }: Ended): Promise<void> {
  await tx.execute(
    `UPDATE care.task SET state = $4, outcome = $5, cancelled_because = CASE $4 WHEN 'cancelled' THEN 'by-hand' END, ended_by = $6,
       ended_at = $7
     WHERE customer_id = $1 AND code = $2 AND occasion = $3`,
    [task.customerId, task.code, task.occasion, as, outcome, by, at],
  );
}

/** Tasks that are due from one day, $1, to another, $2, by whose they are: a row `c` for each manager. */
export const COMPLIANCE = {
  select: 'c.*',
  from: `(SELECT t.manager_id AS "managerId", count(*) FILTER (WHERE t.state <> 'cancelled') AS due,
      count(*) FILTER (WHERE t.state = 'done' AND (t.ended_at AT TIME ZONE 'Asia/Shanghai')::date <= t.due_on) AS "doneInTime",
      count(*) FILTER (WHERE t.state = 'done' AND (t.ended_at AT TIME ZONE 'Asia/Shanghai')::date > t.due_on) AS "doneLate",
      count(*) FILTER (WHERE t.state = 'open') AS open, count(*) FILTER (WHERE t.cancelled_because = 'by-hand') AS "cancelledByHand"
    FROM care.task t WHERE t.due_on >= $1::date AND t.due_on <= $2::date GROUP BY t.manager_id) c`,
} as const;
