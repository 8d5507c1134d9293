import { readFileSync } from 'node:fs';

/** A fenced block of a page, under what it was said to be: `sh`, `text`, `console`. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The words in front of it that are set in bold, if any. */
  readonly title: string;
}

export const readPage = (path: string): string => readFileSync(path, 'utf8');

/** What stands below `## heading`. */
export function sectionOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`The page has no section “${heading}”`);
  return section;
}

export function blocksOf(page: string): readonly Block[] {
  let title = '';
  return page.split(/(^```\w+\n[\s\S]*?^```$)/m).flatMap((part) => {
    const [, language, text] = /^```(\w+)\n([\s\S]*?)```$/.exec(part) ?? [];
    if (language !== undefined && text !== undefined) return [{ language, text, title }];
    title = /\*\*(.+?)\*\*/.exec(part)?.[1] ?? title;
    return [];
  });
}

/** The cells of the rows of the tables, their headings left out. */
export function rowsOf(section: string): readonly (readonly string[])[] {
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}
