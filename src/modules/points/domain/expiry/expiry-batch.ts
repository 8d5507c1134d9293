/** A preview has posted nothing; what was posted is given back at most once. */
export const BATCH_STATES = ['RUNNING', 'PREVIEWED', 'POSTED', 'REVERSING', 'REVERSED'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

export function stateOf(batch: {
  readonly is_preview: boolean;
  readonly finished_at: Date | null;
  readonly reversal_run_id: string | null;
  readonly reversed_at: Date | null;
}): BatchState {
  if (batch.finished_at === null) return 'RUNNING';
  if (batch.is_preview) return 'PREVIEWED';
  if (batch.reversal_run_id === null) return 'POSTED';
  return batch.reversed_at === null ? 'REVERSING' : 'REVERSED';
}
