import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';

const require = createRequire(import.meta.url);
const rules = require('../../.dependency-cruiser.cjs') as IConfiguration;

async function violations(directory: string, root: string): Promise<string[]> {
  const result = await cruise(
    [directory],
    { ...rules.options, baseDir: root, ruleSet: { forbidden: rules.forbidden ?? [] }, validate: true },
    { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } } as never,
  );
  const { summary } = result.output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

describe('the architecture', () => {
  it('is what the rules say', async () => {
    expect(await violations('src', process.cwd())).toEqual([]);
  });

  describe('is guarded: each rule fires when it is broken', () => {
    const filler = 'export const x = 1;\n';
    const importing = (path: string): string => `import { x } from '${path}';\nexport const y = x;\n`;
    const cases: readonly [rule: string, files: Readonly<Record<string, string>>][] = [
      ['no-cycles', { 'src/a.ts': importing('./b.js'), 'src/b.ts': `import { y } from './a.js';\nexport const x = 1, z = y;\n` }],
      ['platform-knows-no-module', { 'src/platform/p.ts': importing('../modules/points/index.js'), 'src/modules/points/index.ts': filler }],
      ['order-customers', { 'src/modules/customers/c.ts': importing('../points/index.js'), 'src/modules/points/index.ts': filler }],
      ['order-tickets', { 'src/modules/tickets/t.ts': importing('../analytics/index.js'), 'src/modules/analytics/index.ts': filler }],
      ['order-analytics', { 'src/modules/analytics/a.ts': importing('../boss-feed/index.js'), 'src/modules/boss-feed/index.ts': filler }],
      ['front-door', { 'src/modules/points/p.ts': importing('../customers/domain/c.js'), 'src/modules/customers/domain/c.ts': filler }],
      ['front-door-from-outside', { 'src/startup/s.ts': importing('../modules/points/domain/p.js'), 'src/modules/points/domain/p.ts': filler }],
      ['domain-is-pure', { 'src/modules/points/domain/p.ts': importing('../../../platform/clock/index.js'), 'src/platform/clock/index.ts': filler }],
      ['domain-is-pure', { 'src/modules/points/domain/p.ts': importing('../persistence/p.js'), 'src/modules/points/persistence/p.ts': filler }],
      ['domain-takes-only-types-from-other-modules', { 'src/modules/points/domain/p.ts': importing('../../customers/index.js'), 'src/modules/customers/index.ts': filler }],
      ['application-knows-no-edge', { 'src/modules/points/application/a.ts': importing('../http/h.js'), 'src/modules/points/http/h.ts': filler }],
      ['persistence-knows-only-domain', { 'src/modules/points/persistence/p.ts': importing('../application/a.js'), 'src/modules/points/application/a.ts': filler }],
      ['edges-go-through-application', { 'src/modules/points/http/h.ts': importing('../persistence/p.js'), 'src/modules/points/persistence/p.ts': filler }],
      ['edges-go-through-application', { 'src/modules/points/jobs/j.ts': importing('../persistence/p.js'), 'src/modules/points/persistence/p.ts': filler }],
      ['demo-is-the-other-side', { 'src/demo/d.ts': importing('../platform/clock/index.js'), 'src/platform/clock/index.ts': filler }],
      ['no-test-code-in-production', { 'src/a.ts': importing('./a.spec.js'), 'src/a.spec.ts': filler }],
    ]; // prettier-ignore

    it.each(cases)('%s', async (rule, files) => {
      const root = await mkdtemp(join(process.cwd(), 'node_modules/.cache/architecture-'));
      try {
        for (const [path, text] of Object.entries({ ...files, 'tsconfig.json': '{}' })) {
          await mkdir(dirname(join(root, path)), { recursive: true });
          await writeFile(join(root, path), text);
        }
        const fired = (await violations('src', root)).map((violation) => violation.split(':')[0]);
        expect(fired).toContain(rule);
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });

    it('covers every rule', () => {
      const broken = new Set(cases.map(([rule]) => rule.replace(/^order-.*/, 'order')));
      const all = new Set((rules.forbidden ?? []).map(({ name }) => (name ?? '').replace(/^order-.*/, 'order')));
      expect(broken).toEqual(all);
    });
  });

  it('[AUD-02] steps out of an actor’s scope only where that is no look at somebody', async () => {
    const files = (await readdir('src', { recursive: true })).filter((file) => /(?<!\.spec)\.ts$/.test(file));
    const stepping: string[] = [];
    for (const file of files) {
      if (/\b(?:asSystem|onItsOwn)\(/.test(await readFile(join('src', file), 'utf8'))) stepping.push(file);
    }
    expect(stepping.sort()).toEqual([
      'modules/boss-feed/application/read-feed.ts', // whoever has the feed has all of it, whoever its customers are now
      'modules/hotline-routing/application/enter-contact.ts', // a call may come from anybody
      'modules/hotline-routing/application/kicks.ts', // whoever is idle gets the next call
      'modules/organization/application/find-accesses.query.ts', // whoever asks has been let in to that customer
      'modules/organization/application/verify-register.ts', // chains run through the lines of all
      'modules/points/application/auctions/place-bid.ts', // whose bid is outbid gets the points back
      'modules/points/application/groups/key-person-register.ts', // of a person only whether he is a customer
      'modules/points/application/groups/redeem-for-group.ts', // of a person only whether he has left
      'modules/points/application/transfers/payee-register.ts', // of a payee only whether he may be one
      'modules/points/application/transfers/transfer-points.ts', // points go to whom the payer has registered
      'modules/usage/application/cross-region-payments.query.ts', // sums of what two provinces did, to one of them
      'modules/usage/application/decide-held.ts', // what is let in goes to whomever it names
      'modules/usage/application/disclose-reject.ts', // whose line it is must be known before it is shown to somebody
      'modules/usage/application/load-file.ts', // billing's records belong to whomever they name
      'modules/usage/application/report-handled-order.ts', // halls serve customers of everywhere
      'modules/usage/application/state-day.ts', // sums of everybody's records
      'platform/database/database.ts', // what several requests store together
    ]);
  });
});
