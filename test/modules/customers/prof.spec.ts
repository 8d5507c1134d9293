import { createTestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn, NOW } from './support.js';
it('prof', async () => {
  const db = await createTestDatabase();
  const on = await customersOn(db);
  const mk = (p: string, m: string) =>
    Array.from({ length: 5000 }, (_, i) =>
      aSnapshot({
        accountNo: `${p}-${i}`,
        msisdn: `${m}${String(i).padStart(8, '0')}`,
        idNumber: `4401011980${p}${i}`,
      }),
    );
  const many = mk('S', '139');
  for (const [name, snaps] of [
    ['warm', mk('W', '137')],
    ['warm2', mk('X', '136')],
    ['new', many],
    ['known', many],
    ['changed', many.map((e) => ({ ...e, version: 2, packageFeeFen: 5 }))],
  ] as const) {
    const t: string[] = [];
    const b = performance.now();
    let dbms = 0;
    const c = process.cpuUsage();
    let pid = 0;
    const { readFileSync } = await import('node:fs');
    const ticks = () => {
      const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return Number(f[11]) + Number(f[12]);
    };
    let k0 = 0;
    await on.transaction.run(async (tx) => {
      pid = (await tx.query<any>('select pg_backend_pid() pid'))[0].pid;
      k0 = ticks();
      const wrap = (f: 'query' | 'execute') => async (sql: string, params?: readonly unknown[]) => {
        const a = performance.now();
        const r = await (tx[f] as any)(sql, params);
        const d = performance.now() - a;
        dbms += d;
        t.push(`${d.toFixed(0)} ${sql.trim().replace(/\s+/g, ' ').slice(0, 60)}`);
        return r;
      };
      return on.facade.applySubscriptions(
        { ...tx, query: wrap('query') as any, execute: wrap('execute') as any },
        'BOSS',
        snaps,
        NOW,
      );
    });
    console.info(
      name,
      (performance.now() - b).toFixed(0),
      'db',
      dbms.toFixed(0),
      'node cpu',
      process.cpuUsage(c),
      'pg cpu ms',
      (ticks() - k0) * 10,
      '\n' + t.join('\n'),
    );
  }

  const c0 = process.cpuUsage();
  const a = performance.now();
  for (let i = 0; i < 5000; i++) on.personalData.seal('440101198001011234', 'party.idNumber:' + i);
  console.info('5000 seals', performance.now() - a, process.cpuUsage(c0));
  const a2 = performance.now();
  for (let i = 0; i < 5000; i++) on.personalData.blindIndex('msisdn', '440101198001011234');
  console.info('5000 hmac', performance.now() - a2);
  await db.drop();
}, 100000);
