import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock/index.js';
import { connectionsBeside } from '../../../platform/database/data-source.js';
import { newId } from '../../../platform/database/index.js';
import { RefusalRegister, type RefusedRequest } from '../../../platform/http/index.js';
import type { AccessEntry } from '../domain/access-entry.js';
import { RegisterBusy } from '../domain/refusals.js';
import { chainUp, lineOf, type ChainHead, type UnchainedLine } from '../domain/register-chain.js';
import { RegisterMonths } from '../persistence/register-months.js';
import { anyHead, appendLines } from '../persistence/register-rows.js';

interface Waiting {
  readonly line: UnchainedLine;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const BATCH = 500;
const MOST_WAITING_REFUSALS = 10_000;
const TURNS = 100;
const TIMEOUT_MS = 10_000;

/**
 * The register of looks at customer data (查阅登记, AUD-01), which the application can only add to. Wait for it before you answer:
 * what cannot be registered is not shown.
 *
 * Lines that come while others are being stored wait and are stored together, in one commit: a register with a commit per look
 * would let nobody look faster than the disk turns.
 */
@Injectable()
export class AccessRegister extends RefusalRegister implements OnApplicationShutdown {
  private readonly months: RegisterMonths;
  private readonly connection: Pool;
  private waiting: Waiting[] = [];
  private isStoring = false;
  private head: ChainHead | undefined;

  constructor(
    source: DataSource,
    private readonly clock: Clock,
  ) {
    super();
    this.connection = connectionsBeside(source, { max: 1, timeoutMs: TIMEOUT_MS });
    this.months = new RegisterMonths(this.connection, 'access_register');
  }

  /** Returns when the line is stored. An error means that it may or may not be. */
  record(entry: AccessEntry): Promise<void> {
    const line = lineOf(entry, { entryId: newId(), at: this.clock.now() });
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject });
      if (!this.isStoring) void this.storeWaiting();
    });
  }

  async refused({ actor, requestId, clientAddress, operation, code, customerIds }: RefusedRequest): Promise<void> {
    // Whoever knocks faster than the disk writes must not fill the memory.
    if (this.waiting.length >= MOST_WAITING_REFUSALS) throw new RegisterBusy();
    await this.record({
      actor: actor ?? { ...NOBODY_KNOWN, requestId, clientAddress },
      action: operation,
      customerIds,
      customerCount: 0,
      fieldGroups: [],
      refusal: code,
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.connection.end();
  }

  private async storeWaiting(): Promise<void> {
    this.isStoring = true;
    while (this.waiting.length > 0) await this.store(this.waiting.splice(0, BATCH));
    this.isStoring = false;
  }

  private async store(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.append(batch.map(({ line }) => line));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && isAboutContent(error)) {
        for (const one of batch) await this.store([one]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  private async append(contents: readonly UnchainedLine[]): Promise<void> {
    for (const { occurredAt } of contents) await this.months.ensure(new Date(occurredAt));
    for (let turn = 1; turn <= TURNS; turn++) {
      // Whatever goes wrong from here on, where the chain ends is asked anew.
      const before = this.head ?? (await anyHead(this.connection));
      this.head = undefined;
      if (!before) break;
      const { lines, head } = chainUp(before, contents);
      if (await appendLines(this.connection, before, head, lines)) {
        this.head = head;
        return;
      }
    }
    throw new RegisterBusy();
  }
}

const NOBODY_KNOWN = { kind: 'unknown', id: 'unknown', role: 'unknown', unitId: undefined } as const;

/** SQLSTATE classes 22 and 23: one line of the batch is to blame, not the server. */
const isAboutContent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
