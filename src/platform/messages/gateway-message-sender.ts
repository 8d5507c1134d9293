import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/index.js';
import { errorWithoutData } from '../errors/index.js';
import { MessageNotSent, MessageSender, type ShortMessage } from './message-sender.js';

const TIMEOUT_MS = 5_000;
const LONGEST_ANSWER_BYTES = 16_384;
/** The gateway works, but will not serve this number: nobody else must suffer for it. */
const REFUSES_THE_MESSAGE: readonly number[] = [400, 404, 410, 422];
/** After a failure everybody is told so for this long, whether or not there would have been a message for them. */
const BROKEN_FOR_MS = 30_000;

/**
 * An SMS gateway over HTTP: `POST {"to", "text"}` with a bearer token, answered with a 2xx and JSON `{"messageId": "…"}`. Anything
 * else, a redirect included, counts as not sent.
 */
export class GatewayMessageSender extends MessageSender {
  private readonly logger = new Logger('messages');
  private brokenUntil = 0;

  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    private readonly clock: Clock,
  ) {
    super();
  }

  assertAvailable(): void {
    if (this.clock.now().getTime() < this.brokenUntil) throw new MessageNotSent();
  }

  async send({ to, text }: ShortMessage): Promise<void> {
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        },
        body: JSON.stringify({ to, text }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const said = await textOf(answer);
      if (REFUSES_THE_MESSAGE.includes(answer.status)) throw new MessageNotSent();
      if (!answer.ok || !isAccepted(said)) throw new GatewayFailed(answer.status);
      this.brokenUntil = 0;
    } catch (error) {
      if (!(error instanceof MessageNotSent)) this.brokenUntil = this.clock.now().getTime() + BROKEN_FOR_MS;
      this.logger.error(`A message was not sent: ${errorWithoutData(error)}`);
      throw new MessageNotSent();
    }
  }
}

class GatewayFailed extends Error {
  readonly code: string;
  constructor(status: number) {
    super();
    this.name = 'GatewayFailed';
    this.code = `HTTP ${status}`;
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) throw new GatewayFailed(answer.status);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isAccepted(text: string): boolean {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null || !('messageId' in answer)) return false;
  return typeof answer.messageId === 'string' && answer.messageId !== '';
}
