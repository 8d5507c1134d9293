import { existsSync } from 'node:fs';
import { variables } from '../../src/platform/config/settings.js';
import { blocksOf, readPage, rowsOf, sectionOf } from '../support/markdown.js';

const english = readPage('README.md');
const chinese = readPage('README.zh.md');
const { scripts } = JSON.parse(readPage('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

describe('the README', () => {
  it('lists every variable of the environment, as the code has it', () => {
    expect(rowsOf(sectionOf(english, 'Configuration'))).toEqual([
      ...Object.values(variables).map(({ name, fallback, description }) => [
        `\`${name}\``,
        fallback === undefined ? '–' : `\`${fallback}\``,
        description,
      ]),
    ]);
  });

  it('lists the same variables and defaults in Chinese', () => {
    const told = (page: string, heading: string) =>
      rowsOf(sectionOf(page, heading)).map(([name, fallback]) => [name, fallback]);
    expect(told(chinese, '配置')).toEqual(told(english, 'Configuration'));
  });

  it('has the same blocks in both languages', () => {
    const blocks = (page: string) => blocksOf(page).map(({ language, text }) => ({ language, text }));
    expect(blocks(chinese)).toEqual(blocks(english));
  });

  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('names commands and pages that exist, in %s', (_, page) => {
    const commands = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    const links = [...page.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path]) => path ?? '');
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    expect(commands.length + links.length).toBeGreaterThan(10);
  });

  it('tells of every command', () => {
    const told = `${english} npm run start npm run test`;
    const forTheWorkshop = ['build', 'format', 'lint', 'types'];
    const untold = Object.keys(scripts).filter(
      (name) => !told.includes(`npm run ${name}`) && !forTheWorkshop.includes(name),
    );
    expect(untold).toEqual([]);
  });
});
