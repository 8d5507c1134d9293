import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/boss-promises.md';

/** What the receiver promises to billing, in few words; docs/boss-contract.md and the tests say the rest. */
const PROMISES: readonly string[] = [
  'The same record any number of times, by any channel, has one effect; the rest are `DUPLICATE`.',
  'The same identity with other content is `E_CONFLICT`; what came first is never overwritten.',
  'A crash between storing and answering does no harm: what is sent again ends in the same state.',
  'What counts depends on version and event time, not on the order of arrival.',
  'Late records of closed months become deltas for tiers, points and churn; published history stays.',
  'What is too old, or more than 24 hours ahead, waits (`HELD`) instead of being lost.',
  'A correction replaces by the difference, a cancellation posts the negative; an unknown reference waits.',
  'A bill that shrinks after points were earned takes them back, as debt when they are spent; no level is lost within its year.',
  'A gap in the sequence raises an alarm; later files stay open and are closed in order; another content under a used sequence is BAD.',
  'A file whose trailer does not agree is BAD: nothing of it is loaded.',
  'A wrong record is refused alone; more than 2% of them make the file BAD.',
  'An empty day is a file without records; no file by the deadline raises an alarm.',
  'Duplicates are found over at least 13 months, by a key in the database.',
  'Refused records are kept sealed, counted, mended and replayed; a replay twice is one.',
  'The catalogue of error codes is stable.',
  'Records of unknown customers wait until the archive is opened, or are reported when they expire.',
  'Every day is reconciled by source and kind; it closes at zero differences or signed off.',
  'Every month usage is compared with bills, bills with points.',
  'Backfill goes slower, tells no customer anything, and is judged as of its own time.',
  'Business days and months are those of Asia/Shanghai, to the last millisecond.',
  'Money is whole fen, volumes whole KB, times whole seconds; nothing is a float.',
  'Too much at once is 429 with a time to come back; what fails again and again is set aside with an alarm.',
  'A record that the database refuses does not block the others.',
  'The records of one account are applied one after the other, those of several side by side, and nothing deadlocks.',
  'A re-used number is told apart by account and time.',
  'Two format versions are taken side by side; fields that nobody knows are kept.',
  'No number of a customer in addresses, logs and names of jobs.',
  'Keys are for a source, its kinds and provinces; a revoked one is 401 and an alarm.',
  'Every monthly figure can be traced to the records that made it.',
  'What goes out comes from the outbox, numbered, so that it may be told apart when it comes twice.',
];

interface Shown {
  readonly file: string;
  readonly title: string;
}

/** The tests whose title names a promise; of a `describe` all that is within. */
function shownBy(): ReadonlyMap<number, readonly Shown[]> {
  const found = new Map<number, Shown[]>();
  const files = [...specsIn('test'), ...specsIn('src')].sort();
  for (const file of files) {
    const titles = readFileSync(file, 'utf8').matchAll(
      /\b(?:describe|it)(?:\.each\([^`'"]*\))?\(\s*(['"`])((?:\[promise \d+\] ?)+.*?)\1\s*,/gs,
    );
    for (const [, , title = ''] of titles) {
      for (const [, no] of title.matchAll(/\[promise (\d+)\]/g)) {
        const shown = found.get(Number(no)) ?? [];
        found.set(Number(no), shown);
        shown.push({
          file,
          title: title
            .replace(/(?:\[[^\]]+\] ?)+/, '')
            .replace(/ ?\(seed \$.*$/, '')
            .trim(),
        });
      }
    }
  }
  return found;
}

const specsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));

const page = (): string => {
  const shown = shownBy();
  const rows = PROMISES.map((promise, nth) => {
    const tests = (shown.get(nth + 1) ?? []).map(({ file, title }) => `${title.replaceAll('|', '\\|')} (\`${file}\`)`);
    return `| ${nth + 1} | ${promise} | ${tests.join('<br>')} |`;
  });
  return [
    '# What the receiver promises, and the tests that hold it to that',
    '',
    'Each promise has tests whose title begins with its number; run those of promise 9 with `npm run jest -- -t "promise 9\\]"`.',
    'This table is made of the titles (`PROMISES=write npm run jest -- test/architecture/promises`).',
    '',
    '| No. | Promise | Shown by |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
};

describe('the thirty promises to billing', () => {
  it('have a test each, and their page says which', () => {
    const unshown = PROMISES.map((_, nth) => nth + 1).filter((no) => !shownBy().has(no));
    expect(unshown).toEqual([]);
    if (process.env.PROMISES === 'write') writeFileSync(PAGE, page());
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });
});
