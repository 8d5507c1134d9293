import { readFile } from 'node:fs/promises';

/** `file › title`, as it stands in the page. */
const CLAIM = /`((?:test|src)\/[\w./-]+\.spec\.ts) › ([^`]+)`/g;

describe('docs/security.md', () => {
  it('names tests that exist', async () => {
    const page = await readFile('docs/security.md', 'utf8');
    const claims = [...page.matchAll(CLAIM)].map(([, file = '', title = '']) => ({ file, title }));
    expect(claims.length).toBeGreaterThan(50);
    const missing = [];
    for (const { file, title } of claims) {
      const source = await readFile(file, 'utf8').catch(() => '');
      const titles = [...source.matchAll(/\b(?:it|describe)(?:\.each[\s\S]*?\))?\(\s*(['"`])(.*?)\1/g)].map(
        ([, , name]) => name?.replace(/^(?:\[promise \d+\] ?)+/, ''),
      );
      if (!titles.includes(title)) missing.push(`${file} › ${title}`);
    }
    expect(missing).toEqual([]);
  });

  it('leaves no risk and no item without a test', async () => {
    const page = await readFile('docs/security.md', 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|Risk|Item)/.test(line));
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => !row.includes('.spec.ts › '))).toEqual([]);
    for (const risk of Array.from({ length: 10 }, (_, nth) => `API${nth + 1} `)) expect(page).toContain(`| ${risk}`);
  });
});
