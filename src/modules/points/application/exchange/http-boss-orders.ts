import { Logger, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../../../../platform/config/index.js';
import { errorWithoutData } from '../../../../platform/errors/index.js';
import type { TopUpCard } from '../../domain/exchange/exchange-order.js';
import { BossOrders, type BossAnswer, type BossOrder } from './boss-orders.js';

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER_BYTES = 16_384;
/** What may be kept and shown of what BOSS says beside a card: a code, and nothing that could be one. */
const CODE = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * BOSS over HTTP (docs/points-exchange.md): `POST {"orderKey", "product", "valueFen"}`, the key also as `Idempotency-Key`. Only an answer
 * with status 200 that names the order and says CONFIRMED or REFUSED counts; everything else, silence included, says nothing.
 */
export class HttpBossOrders extends BossOrders {
  private readonly logger = new Logger('boss-orders');

  constructor(
    private readonly url: string | undefined,
    private readonly token: string | undefined,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    super();
  }

  get isSetUp(): boolean {
    return this.url !== undefined;
  }

  async place(order: BossOrder): Promise<BossAnswer> {
    if (this.url === undefined) return { said: 'unknown' };
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': order.orderKey,
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        },
        body: JSON.stringify(order),
        redirect: 'error',
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const text = await textOf(answer);
      const said = answer.status === 200 ? answerOf(order, text) : undefined;
      if (!said) this.logger.warn(`BOSS has not answered an order: HTTP ${answer.status}`);
      return said ?? { said: 'unknown' };
    } catch (error) {
      this.logger.warn(`BOSS has not answered an order: ${errorWithoutData(error)}`);
      return { said: 'unknown' };
    }
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) throw new RangeError('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerOf({ orderKey }: BossOrder, text: string): BossAnswer | undefined {
  const said: unknown = JSON.parse(text);
  if (!isObject(said) || said['orderKey'] !== orderKey) return undefined;
  const { status, reference, reason, card } = said;
  if (status === 'REFUSED' && isCode(reason)) return { said: 'refused', reason };
  if (status !== 'CONFIRMED' || !isCode(reference)) return undefined;
  if (card === undefined) return { said: 'confirmed', reference };
  return isCard(card) ? { said: 'confirmed', reference, card } : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isCode = (value: unknown): value is string => typeof value === 'string' && CODE.test(value);
const isCard = (value: unknown): value is TopUpCard =>
  isObject(value) && isCode(value['cardNumber']) && isCode(value['secret']);

export const bossOrders: FactoryProvider<BossOrders> = {
  provide: BossOrders,
  inject: [Settings],
  useFactory: ({ bossOrderUrl, bossOrderToken }: Settings) => new HttpBossOrders(bossOrderUrl, bossOrderToken),
};
