import { readInPages, type Row, type Tx } from '../../../platform/database/index.js';
import type { CopySection } from './subject-copy.js';

export const COPY_SCHEMA_VERSION = '1.0';

/**
 * The text of a copy, piece by piece: a JSON document that is never in the memory as a whole.
 * @param counts is filled with the number of rows of each section.
 */
export async function* writeSubjectCopy(
  tx: Tx,
  {
    customerId,
    asOf,
    sections,
  }: { readonly customerId: string; readonly asOf: Date; readonly sections: readonly CopySection[] },
  counts: Map<string, number>,
): AsyncGenerator<string> {
  const head = { '@type': 'SubjectDataCopy', schemaVersion: COPY_SCHEMA_VERSION, customerId, asOf };
  yield `${JSON.stringify(head).slice(0, -1)},"sections":[`;
  for (const [nth, { name, title, sql, show = asItIs }] of sections.entries()) {
    yield `${nth > 0 ? ',' : ''}\n${JSON.stringify({ name, title }).slice(0, -1)},"items":[`;
    let count = 0;
    for await (const rows of readInPages(tx, sql, [customerId])) {
      const items = rows.map((row) => JSON.stringify(withoutNulls(show(row))));
      yield (count > 0 ? ',\n' : '\n') + items.join(',\n');
      count += rows.length;
    }
    counts.set(name, count);
    yield ']}';
  }
  yield ']}\n';
}

const asItIs = (row: Row): object => row;

const withoutNulls = (item: object): object =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined));
