import type { FactoryProvider } from '@nestjs/common';
import { join } from 'node:path';
import { Clock } from '../clock/index.js';
import { Settings } from '../config/index.js';
import { FileMessageSender } from './file-message-sender.js';
import { GatewayMessageSender } from './gateway-message-sender.js';
import { MessageSender, NoMessageGateway } from './message-sender.js';

export * from './message-sender.js';

class NoMessageSender extends MessageSender {
  assertAvailable(): void {
    throw new NoMessageGateway();
  }

  send(): Promise<void> {
    return Promise.reject(new NoMessageGateway());
  }
}

/** The gateway of the settings; without one a file, and in production nothing. */
export const messageSender: FactoryProvider<MessageSender> = {
  provide: MessageSender,
  inject: [Settings, Clock],
  useFactory: ({ smsGatewayUrl, smsGatewayToken, production, dataDir }: Settings, clock: Clock) => {
    if (smsGatewayUrl !== undefined) return new GatewayMessageSender(smsGatewayUrl, smsGatewayToken, clock);
    return production ? new NoMessageSender() : new FileMessageSender(join(dataDir, 'one-time-codes.log'), clock);
  },
};
