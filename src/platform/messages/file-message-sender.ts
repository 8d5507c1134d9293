import { Logger } from '@nestjs/common';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../clock/index.js';
import { errorWithoutData } from '../errors/index.js';
import { maskMsisdn } from '../privacy/index.js';
import { MessageNotSent, MessageSender, type ShortMessage } from './message-sender.js';

const KEPT_LINES = 100;

/** Stands for a gateway where there is none: whoever tries the system reads the messages in a file that only its user may open. */
export class FileMessageSender extends MessageSender {
  private readonly logger = new Logger('messages');
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  assertAvailable(): void {}

  async send({ to, text }: ShortMessage): Promise<void> {
    const line = `${this.clock.now().toISOString()} ${maskMsisdn(to)} ${text.replace(/\s+/g, ' ')}`;
    const written = this.last.then(() => this.append(line));
    this.last = written.catch(() => undefined);
    await written.catch((error: unknown) => {
      this.logger.error(`A message was not written: ${errorWithoutData(error)}`);
      throw new MessageNotSent();
    });
  }

  private async append(line: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const before = await readFile(this.path, 'utf8').catch(() => '');
    const lines = [...before.split('\n').filter((each) => each !== ''), line].slice(-KEPT_LINES);
    await writeFile(`${this.path}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
    await chmod(`${this.path}.new`, 0o600); // One that was left behind keeps its old mode.
    await rename(`${this.path}.new`, this.path);
  }
}
