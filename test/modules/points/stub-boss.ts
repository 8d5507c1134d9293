import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What BOSS does with a request: delivers and answers; refuses; delivers and answers when nobody listens any more; breaks the line before it
 * has looked at the order, or after it has delivered; is busy; or delivers and answers only when it is asked the second time.
 */
export type Mood =
  'delivers' | 'refuses' | 'is slow' | 'dies' | 'loses its reply' | 'is busy' | 'waits to be asked twice';

interface Decision {
  readonly status: 'CONFIRMED' | 'REFUSED';
  readonly reference?: string;
  readonly reason?: string;
  readonly card?: { readonly cardNumber: string; readonly secret: string };
}

export interface StubBoss {
  readonly url: string;
  /** What it does with the nth request for an order, from 1. */
  mood: (orderKey: string, nth: number) => Mood;
  /** By the key of the order. What was decided once stays so. */
  readonly decided: ReadonlyMap<string, Decision>;
  /** How often each order was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  readonly requests: readonly { readonly body: object; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** Billing that keeps what it was asked for and delivers each order once, as its contract says. */
export async function startStubBoss(slowMs: number): Promise<StubBoss> {
  const decided = new Map<string, Decision>();
  const asked = new Map<string, number>();
  const requests: { body: object; headers: IncomingMessage['headers'] }[] = [];
  const waiting = new Map<string, ServerResponse>();
  const decide = (orderKey: string, isRefused: boolean): Decision => {
    const before = decided.get(orderKey);
    if (before) return before;
    const nth = decided.size + 1;
    const decision: Decision = isRefused
      ? { status: 'REFUSED', reason: 'OUT_OF_CARDS' }
      : {
          status: 'CONFIRMED',
          reference: `B${nth}`,
          card: { cardNumber: `1008600${nth}`, secret: `secret-${nth}-${orderKey.slice(-6)}` },
        };
    decided.set(orderKey, decision);
    return decision;
  };
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const body = JSON.parse(text) as { orderKey: string };
      const { orderKey } = body;
      requests.push({ body, headers: request.headers });
      const nth = (asked.get(orderKey) ?? 0) + 1;
      asked.set(orderKey, nth);
      const mood = boss.mood(orderKey, nth);
      const say = (to: ServerResponse): void =>
        void to
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ orderKey, ...decide(orderKey, mood === 'refuses') }));
      switch (mood) {
        case 'delivers':
        case 'refuses':
          return say(response);
        case 'is slow':
          decide(orderKey, false);
          return void setTimeout(() => say(response), slowMs).unref();
        case 'dies':
          return void request.socket.destroy();
        case 'loses its reply':
          decide(orderKey, false);
          return void request.socket.destroy();
        case 'is busy':
          return void response.writeHead(503).end();
        case 'waits to be asked twice': {
          const first = waiting.get(orderKey);
          if (!first) return void waiting.set(orderKey, response);
          for (const each of [first, response]) say(each);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const boss: StubBoss = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    mood: () => 'delivers',
    decided,
    asked,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return boss;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
