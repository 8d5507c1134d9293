import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { asSystem, Database } from '../../../platform/database/index.js';
import type { FeedItem } from '../domain/feed.js';
import { addTo, headerLine, itemLine, NO_TOTALS, trailerLine, type FileCut } from '../domain/feed-file.js';
import { readItems, type ItemRange } from '../persistence/items.js';

const ITEMS_AT_ONCE = 5_000;

/** What a file holds, found out while its text was made. */
export interface FileText {
  readonly sum: number;
  readonly bodySha256: string;
  readonly contentSha256: string;
  readonly sizeBytes: number;
}

/**
 * Reads what was given to a feed. Whoever may have the feed has all of it, whoever its customers are now: a file whose text
 * depended on who asks would have no checksum.
 */
@Injectable()
export class ReadFeed {
  constructor(private readonly database: Database) {}

  items(range: ItemRange, limit: number): Promise<readonly FeedItem[]> {
    return asSystem(() => readItems(this.database, range, limit));
  }

  /** The text of a file, some thousand lines at a time; at its end, what they come to. */
  async *textOf(cut: FileCut): AsyncGenerator<string, FileText> {
    const [body, content] = [createHash('sha256'), createHash('sha256')];
    let sizeBytes = 0;
    const counted = (text: string): string => {
      content.update(text);
      sizeBytes += Buffer.byteLength(text);
      return text;
    };
    yield counted(headerLine(cut));
    let totals = NO_TOTALS;
    for (let afterSequence = cut.afterSequence; afterSequence < cut.toSequence;) {
      const items = await this.items({ ...cut, afterSequence }, ITEMS_AT_ONCE);
      // Numbers are unbroken: fewer than there must be means that something else than this program wrote here.
      if (items.length < Math.min(ITEMS_AT_ONCE, cut.toSequence - afterSequence)) throw new Error('A feed has a gap');
      const lines = items.map((item) => itemLine(cut.kind, item)).join('');
      body.update(lines);
      totals = addTo(totals, cut.kind, items);
      afterSequence += items.length;
      yield counted(lines);
    }
    const bodySha256 = body.digest('hex');
    yield counted(trailerLine(cut, totals, bodySha256));
    return { sum: totals.sum, bodySha256, contentSha256: content.digest('hex'), sizeBytes };
  }
}
