import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { HoldEnded, PosPointsFacade, requestHash } from '../../points/index.js';
import { keyOf, textOf, type MessageKey, type PosAnswer, type ReversibleKind } from '../domain/pos-message.js';
import { OriginalOfAnotherKind, OriginalUnknown, OriginalWentOn } from '../domain/refusals.js';
import { claimReversal, keepReversed, messageWith, type KeptMessage } from '../persistence/pos-messages.js';
import { lockSale, storeSale } from '../persistence/sales.js';

export interface ReverseMessage {
  /** Of the original: a reversal has no key of its own. */
  readonly original: MessageKey;
  readonly kind: ReversibleKind;
  readonly actorId: string;
}

/**
 * Undoes a message that a terminal got no answer to (冲正). What has come is undone; what has not come yet will be refused. The answer is
 * the same, however often and in whatever order they come.
 */
@Injectable()
export class ReverseMessageUseCase {
  constructor(
    private readonly points: PosPointsFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws OriginalOfAnotherKind, OriginalWentOn, OriginalUnknown (of a customer out of scope) */
  async execute(tx: Tx, reversal: ReverseMessage): Promise<PosAnswer> {
    const { original: key, kind } = reversal;
    const at = this.clock.now();
    const answer: PosAnswer = { ...keyOf(key), kind: 'reversal', status: 'reversed' };
    const line = { action: 'merchants.reverse', objectType: 'PosMessage', objectId: textOf(key) };
    if (await claimReversal(tx, key, { kind, at })) {
      tx.audit({ ...line, after: { cameFirst: true } });
      return answer;
    }
    const kept = await messageWith(tx, key, { lock: true });
    if (!kept) throw new Error('A message that was in the way is there');
    if (kept.kind !== kind) throw new OriginalOfAnotherKind({ actual: kept.kind, expected: [kind] });
    if (kept.state === 'reversed') return answer;
    const customerId = await this.undo(tx, kept, reversal);
    await keepReversed(tx, key, at);
    tx.audit({ ...line, customerId, after: { cameFirst: false } });
    return answer;
  }

  private async undo(tx: Tx, kept: KeptMessage, { original, kind, actorId }: ReverseMessage): Promise<string> {
    const { customerId, holdId } = kept;
    const sale = customerId && holdId ? await lockSale(tx, customerId, holdId) : undefined;
    if (!customerId || !sale) throw new OriginalUnknown();
    const { capturedFen, returnedFen, merchantId, terminalId, cardId } = sale;
    const asked = {
      customerId,
      holdId: sale.holdId,
      key: `pos:${textOf(original)}:reversal`,
      requestHash: requestHash(kind),
      actorId,
      metadata: { merchantId, terminalId, cardId },
    };
    if (capturedFen === 0) {
      await this.points.void(tx, asked).catch((error: unknown) => {
        // It was voided, or its time was over: nothing is held by it any more.
        if (!(error instanceof HoldEnded)) throw error;
      });
    } else if (returnedFen < capturedFen) {
      if (returnedFen > 0 || kind === 'authorisation') throw new OriginalWentOn();
      await this.points.giveBack(tx, { ...asked, points: 'all' });
      await storeSale(tx, { ...sale, returnedFen: capturedFen });
    }
    return customerId;
  }
}
