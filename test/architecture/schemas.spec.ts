import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Module folders in their order, with the schema that each owns. */
const schemas = new Map([
  ['organization', 'organization'],
  ['customers', 'customers'],
  ['usage', 'usage'],
  ['tiering', 'tiering'],
  ['points', 'points'],
  ['benefits', 'benefits'],
  ['merchants', 'merchants'],
  ['tickets', 'tickets'],
  ['hotline-routing', 'routing'],
  ['care', 'care'],
  ['analytics', 'analytics'],
]);

/** Relations that a statement reads or writes, as `schema.relation`. */
function relationsIn(source: string): string[] {
  return [...source.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY)\s+([a-z]+\.[a-z_]+)/g)].map(
    ([, name]) => name ?? '',
  );
}

async function sourcesOf(module: string): Promise<string[]> {
  const root = join('src/modules', module);
  const files = (await readdir(root, { recursive: true })).filter((file) => /(?<!\.spec)\.ts$/.test(file));
  return Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
}

/** Relations whose names a module's front door exports. */
async function publishedBy(module: string): Promise<string[]> {
  const door = (await import(pathToFileURL(join(process.cwd(), 'src/modules', module, 'index.ts')).href)) as object;
  return Object.values(door).filter((value) => typeof value === 'string' && /^[a-z]+\.[a-z_]+$/.test(value));
}

describe('SQL keeps to the modules', () => {
  const modules = [...schemas.keys()];

  it.each(modules)('%s reads other modules through their published views only', async (module) => {
    const before = modules.slice(0, modules.indexOf(module));
    const allowed = new Set((await Promise.all(before.map(publishedBy))).flat());
    const foreign = (await sourcesOf(module))
      .flatMap(relationsIn)
      .filter(
        (name) =>
          [...schemas.values()].includes(name.split('.')[0] ?? '') && !name.startsWith(`${schemas.get(module)}.`),
      )
      .filter((name) => !allowed.has(name));
    expect([...new Set(foreign)]).toEqual([]);
  });

  it.each(modules.filter((module) => module !== 'customers'))(
    '%s does not reach for the keys of customers',
    async (module) => {
      expect((await sourcesOf(module)).flatMap(relationsIn).filter((name) => name.startsWith('vault.'))).toEqual([]);
    },
  );

  it('sees a statement that reaches into another schema', () => {
    expect(relationsIn('SELECT * FROM points.posting p JOIN customers.profile c')).toEqual([
      'points.posting',
      'customers.profile',
    ]);
  });
});
