import { Refusal } from '../errors/index.js';

export interface ShortMessage {
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

/** Hands short messages to the network. What it carries is secret and personal: neither number nor text is ever logged. */
export abstract class MessageSender {
  /**
   * Says before anything is begun that nothing could be sent, whomever it were for.
   * @throws NoMessageGateway, MessageNotSent
   */
  abstract assertAvailable(): void;
  /** @throws MessageNotSent */
  abstract send(message: ShortMessage): Promise<void>;
}

export class MessageNotSent extends Refusal {
  static readonly code = 'messages.not-sent';
  static readonly kind = 'unavailable';
  constructor() {
    super(MessageNotSent.code, MessageNotSent.kind, 'Messages cannot be sent at the moment; try again in a minute');
  }
}

export class NoMessageGateway extends Refusal {
  static readonly code = 'messages.no-gateway';
  static readonly kind = 'unavailable';
  constructor() {
    super(NoMessageGateway.code, NoMessageGateway.kind, 'No message gateway is set up (GUIBIN_SMS_GATEWAY_URL)');
  }
}
