import { Together } from './together.js';
import type { Row, Statement } from './tx.js';

const MANY: Statement = { name: 'many', text: 'one', forMany: 'all' };

/** A server that answers when it is told to, and keeps what it was asked. */
function aServer(
  forMany: (asked: readonly unknown[]) => Row[] = (asked) => asked.map((_, i) => ({ nth: i + 1, said: 'shared' })),
) {
  const asked: { readonly text: string; readonly params: readonly unknown[] }[] = [];
  let release: () => void = () => undefined;
  const open = new Promise<void>((done) => (release = done));
  const together = new Together(async <R extends object>({ text }: Statement, params: readonly unknown[]) => {
    asked.push({ text, params });
    await open;
    const rows = text === 'all' ? forMany(params[0] as unknown[]) : [{ said: 'alone' }];
    return rows as R[];
  });
  return { asked, release: () => release(), ask: (...params: unknown[]) => together.ask(MANY, params) };
}

const nextTurn = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

describe('statements that share a transaction', () => {
  it('go alone where nobody else is there', async () => {
    const server = aServer();
    server.release();
    expect(await server.ask('a', 1)).toEqual([{ said: 'alone' }]);
    expect(server.asked).toEqual([{ text: 'one', params: ['a', 1] }]);
  });

  it('wait for what is under way, and then go together, a column for each parameter', async () => {
    const server = aServer();
    const first = server.ask('a', 1);
    await nextTurn();
    const others = [server.ask('b', 2), server.ask('c', undefined)];
    await nextTurn();
    expect(server.asked).toHaveLength(1);
    server.release();
    expect(await Promise.all([first, ...others])).toEqual([
      [{ said: 'alone' }],
      [{ said: 'shared' }],
      [{ said: 'shared' }],
    ]);
    expect(server.asked[1]).toEqual({
      text: 'all',
      params: [
        ['b', 'c'],
        [2, undefined],
      ],
    });
  });

  it('never go together for the same one', async () => {
    const server = aServer();
    server.release();
    const answers = await Promise.all([server.ask('a', 1), server.ask('a', 2), server.ask('b', 3)]);
    expect(answers).toEqual([[{ said: 'shared' }], [{ said: 'alone' }], [{ said: 'shared' }]]);
    expect(server.asked.map(({ params }) => params)).toEqual([
      [
        ['a', 'b'],
        [1, 3],
      ],
      ['a', 2],
    ]);
  });

  it('are each done alone when they were left out, or when what they share fails', async () => {
    const leavingOut = aServer(() => [{ nth: 2, said: 'shared' }]);
    leavingOut.release();
    expect(await Promise.all([leavingOut.ask('a'), leavingOut.ask('b')])).toEqual([
      [{ said: 'alone' }],
      [{ said: 'shared' }],
    ]);
    const failing = aServer(() => {
      throw new Error('somebody’s key is there twice');
    });
    failing.release();
    expect(await Promise.all([failing.ask('a'), failing.ask('b')])).toEqual([[{ said: 'alone' }], [{ said: 'alone' }]]);
  });

  it('tell the one who asked what is wrong, and go on', async () => {
    const together = new Together(({ text }: Statement, params: readonly unknown[]) =>
      text === 'all' || params[0] === 'bad'
        ? Promise.reject(new Error(`${text} ${String(params[0])}`))
        : Promise.resolve([]),
    );
    const answers = await Promise.allSettled(['bad', 'good', 'good too'].map((who) => together.ask(MANY, [who])));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(await together.ask(MANY, ['good'])).toEqual([]);
  });
});
