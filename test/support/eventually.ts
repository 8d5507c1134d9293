import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` finds what it looks for. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, withinMs = 20_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`Did not happen within ${withinMs} ms: ${look.toString()}`);
    await sleep(50);
  }
}
