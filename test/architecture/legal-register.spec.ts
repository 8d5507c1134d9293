import { readFile } from 'node:fs/promises';
import { readPage, rowsOf } from '../support/markdown.js';

/** "`path` › title": a test that shows a duty; without a title, all of the file. */
const SHOWN_BY = /^`([^`]+)`(?: › (.+))?$/;

describe('[AUD-13] the register of legal duties', () => {
  const rows = rowsOf(readPage('docs/legal-register.md'));

  it.each(rows.map((row) => [row[0] ?? '', row[3] ?? '']))('%s: names a test that is there', async (_, shownBy) => {
    const [, file = '', title = ''] = SHOWN_BY.exec(shownBy) ?? [];
    const source = await readFile(file, 'utf8');
    const titles = [...source.matchAll(/\bit(?:\.each\([\s\S]*?\))?\(\s*(['"`])([\s\S]*?)\1,/g)].map(
      ([, , text]) => text ?? '',
    );
    expect(titles.length).toBeGreaterThan(0);
    if (title) expect(titles.map((text) => text.replace(/^\[[A-Z0-9-]+\] /, ''))).toContain(title);
  });

  it('has the duties of every law that it names', () => {
    expect(rows.length).toBeGreaterThan(15);
    for (const law of ['PIPL', 'Order 24', 'Order 25', 'GB/T 35273', 'Regulation', 'Cybersecurity Law', 'Fraud']) {
      expect(rows.map(([basis]) => basis).join()).toContain(law);
    }
  });
});
