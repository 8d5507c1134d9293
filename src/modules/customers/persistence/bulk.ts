/** A column of `unnest($1::type[], …)`: one array per column is far less to send and parse than one statement per row. */
export const column = <T, V>(rows: readonly T[], value: (row: T) => V | undefined): (V | null)[] =>
  rows.map((row) => value(row) ?? null);
