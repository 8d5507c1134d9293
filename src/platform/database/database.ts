import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PoolClient, QueryResult } from 'pg';
import { acting, onItsOwn, scopeStatements, type Acting } from './acting.js';
import { RowCursor } from './row-cursor.js';
import { Together } from './together.js';
import type { AuditedChange, Row, Statement, Tx } from './tx.js';
import { WriteAudit } from './write-audit.js';

/**
 * Reads outside a transaction. Everything that writes goes through {@link Transaction}. Both see what the actor of the request
 * may see ({@link scopeStatements}), whoever wrote the statement; work without an actor sees all.
 */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  /** @param withinMs the statement is ended when it has not answered by then. */
  async query<R extends object = Row>(
    sql: string,
    params: readonly unknown[] = [],
    { withinMs }: { readonly withinMs?: number } = {},
  ): Promise<R[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      const before = [scopeOfActing(), withinMs && `SET LOCAL statement_timeout = ${withinMs}`].filter(Boolean);
      if (before.length === 0) return (await run<R>(client, sql, params)).rows;
      await client.query(['BEGIN', ...before].join('; '));
      try {
        return (await run<R>(client, sql, params)).rows;
      } finally {
        await client.query('COMMIT'); // Of a failed statement this is the rollback.
      }
    } finally {
      await runner.release();
    }
  }

  /** Opens a statement whose rows are read a page at a time: any number of them in the memory of one page. Close it. */
  async cursor<R extends object = Row>(sql: string, params: readonly unknown[] = []): Promise<RowCursor<R>> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await RowCursor.open<R>((await runner.connect()) as PoolClient, runner, scopeOfActing(), sql, params);
    } catch (error) {
      await runner.release();
      throw error;
    }
  }
}

function scopeOfActing(): string | undefined {
  const who = acting();
  return who && scopeStatements(who);
}

/**
 * The one way to write: everything inside `run` is stored together or not at all (READ COMMITTED). What a request writes is
 * written down in the same transaction ({@link WriteAudit}), whether or not the use case thinks of it.
 */
@Injectable()
export class Transaction {
  private readonly together = new Together((statement, params) => this.single(statement, params));

  constructor(
    private readonly dataSource: DataSource,
    @Optional() private readonly writeAudit?: WriteAudit,
  ) {}

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const who = acting();
    return this.execute(work, who, async (tx, changes) => {
      if (who || changes.length > 0) await this.writeAudit?.beforeCommit(tx, changes, who);
    });
  }

  /**
   * One statement that is a transaction of its own: one call of the server, where nobody's scope has to be set before it and nothing to
   * be written down after it. What is ready for many shares one with those that come at the same moment.
   */
  prepared<R extends object = Row>(statement: Statement, params: readonly unknown[]): Promise<R[]> {
    if (acting()) return this.run((tx) => tx.prepared<R>(statement, params));
    return statement.forMany === undefined ? this.single(statement, params) : this.together.ask(statement, params);
  }

  private async single<R extends object = Row>({ name, text }: Statement, params: readonly unknown[]): Promise<R[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      return (await client.query<R & Row>({ name, text, values: [...params] })).rows;
    } finally {
      await runner.release();
    }
  }

  /** Stores for several requests at once what each of them would have stored: by the system itself, written down for each. */
  runForRequests<T>(requests: readonly Acting[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return onItsOwn(() =>
      this.execute(work, undefined, async (tx) => this.writeAudit?.beforeCommitForRequests(tx, requests)),
    );
  }

  /**
   * Reads everything as it was at one moment (REPEATABLE READ). Who finds that somebody changed meanwhile what he wants to change
   * begins again, and sees what they did: so `work` may run more than once.
   */
  async runInOneMoment<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let turn = 1; ; turn++) {
      try {
        return await this.run(async (tx) => {
          await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
          return work(tx);
        });
      } catch (error) {
        if (turn === TURNS || !isSerializationFailure(error)) throw error;
      }
    }
  }

  private async execute<T>(
    work: (tx: Tx) => Promise<T>,
    who: Acting | undefined,
    beforeCommit: (tx: Tx, changes: readonly AuditedChange[]) => Promise<void>,
  ): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      const scope = who && scopeStatements(who);
      if (scope !== undefined) await client.query(scope);
      // Connections end what takes longer than a request may. Work of the system takes as long as it takes.
      if (!who || who.takesLong) await client.query('SET LOCAL statement_timeout = 0');
      const changes: AuditedChange[] = [];
      const tx: Tx = {
        manager: runner.manager,
        client,
        audit: (change) => void changes.push(change),
        query: async <R extends object>(sql: string, params: readonly unknown[] = []) =>
          (await run<R>(client, sql, params)).rows,
        prepared: async <R extends object>({ name, text }: Statement, params: readonly unknown[]) =>
          (await client.query<R & Row>({ name, text, values: [...params] })).rows,
        execute: async (sql, params = []) => (await run(client, sql, params)).rowCount ?? 0,
      };
      const result = await work(tx);
      await beforeCommit(tx, changes);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A connection that died has already rolled back; its own error is the one worth reporting.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

const TURNS = 5;

const isSerializationFailure = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40001';

function run<R extends object>(
  client: PoolClient,
  sql: string,
  params: readonly unknown[],
): Promise<QueryResult<R & Row>> {
  return client.query<R & Row>(sql, params as unknown[]);
}
