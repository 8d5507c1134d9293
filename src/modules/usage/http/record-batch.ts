import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FileTooLarge, InvalidInput, problemOfJson, validated, wholeSmallFile } from '../../../platform/http/index.js';
import { ColumnOrder } from '../domain/column-order.js';
import type { Kind } from '../domain/codes.js';
import { LineForm } from '../domain/line-form.js';
import { Lines } from '../domain/lines.js';
import { LineSplitter } from '../domain/line-splitter.js';
import { BadFile, Rejection } from '../domain/rejection.js';
import { linesOf, type PushedLines } from '../application/push-records.js';
import { MAX_BATCH, RecordBatchHead } from './intake.dto.js';

/** What was pushed, as lines of the file contract; what cannot be one is refused. */
export interface RecordBatch {
  readonly kind: Kind;
  readonly source: string;
  readonly pushed: PushedLines;
}

const [HEADER, RECORD, BAR] = Buffer.from('HD|');
const NO_RECORD = new Rejection('E_FORMAT', undefined, 'the line begins not with D|');
const MAX_PLAIN_BYTES = 4 * 1024 * 1024;
const unpack = promisify(gunzip);

/**
 * JSON as record-bodies.ts has it, or lines `D|…` of the file contract, gzip or plain, of the kind and source that `query` names; before
 * lines of format 02 stands `H|02|columns`.
 * @throws InvalidInput, FileTooLarge
 */
export async function recordBatchOf(body: unknown, query: Partial<RecordBatchHead>): Promise<RecordBatch> {
  if (body instanceof Readable) return batchOfLines(await wholeSmallFile(body), query);
  if (Buffer.isBuffer(body)) return batchOfLines(body, query);
  return batchOfJson(body);
}

/** A thousand records are not validated twice: each is looked at where it is read. */
async function batchOfJson(body: unknown = {}): Promise<RecordBatch> {
  const { kind, source } = await validated(RecordBatchHead, isRecord(body) ? { ...body, records: undefined } : body);
  const records = isRecord(body) ? body['records'] : undefined;
  const problem = problemOfJson(records);
  const areRecords = Array.isArray(records) && records.length > 0 && records.length <= MAX_BATCH;
  if (problem !== undefined || !areRecords || !records.every(isRecord)) {
    throw invalid('records', problem ?? `a list of 1 to ${MAX_BATCH} items`);
  }
  return { kind, source, pushed: linesOf(kind, records) };
}

async function batchOfLines(bytes: Buffer, query: Partial<RecordBatchHead>): Promise<RecordBatch> {
  const { kind, source } = await validated(RecordBatchHead, { kind: query.kind, source: query.source });
  const lines = new Lines(MAX_BATCH);
  const faults = new Map<number, Rejection>();
  let form: LineForm | undefined;
  let lineNo = 0;
  const splitter = new LineSplitter((block, start, end) => {
    const isFirst = lineNo++ === 0;
    if (isFirst && block[start] === HEADER && block[start + 1] === BAR) {
      form = formOf(kind, block.toString('utf8', start, end));
      return;
    }
    const count = lines.count + faults.size;
    if (count >= MAX_BATCH) throw new BadFile('E_FORMAT', `there are more than ${MAX_BATCH} lines`);
    // Lines of another beginning are our own, of lines that were rewritten.
    if (block[start] !== RECORD || block[start + 1] !== BAR) faults.set(count, NO_RECORD);
    else if (!form) lines.add(block, start, end);
    else {
      form.read(block, start, end);
      if (form.fault) faults.set(count, form.fault);
      else lines.add(form.bytes, 0, form.length);
    }
  });
  try {
    splitter.push(await plain(bytes));
    splitter.end();
  } catch (error) {
    throw error instanceof BadFile ? invalid('body', error.message) : error;
  }
  if (lines.count + faults.size === 0) throw invalid('body', `1 to ${MAX_BATCH} lines`);
  return { kind, source, pushed: { lines, faults } };
}

function formOf(kind: Kind, header: string): LineForm | undefined {
  const [, version, ...rest] = header.split('|');
  if (version === '01') return undefined;
  if (version === '02') return new LineForm('UTF-8', new ColumnOrder(kind, rest.at(-1) ?? ''));
  throw new BadFile('E_FORMAT', 'the header must be H|01 or H|02|columns');
}

async function plain(bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new FileTooLarge(MAX_PLAIN_BYTES)
      : invalid('body', 'lines, plain or as a whole gzip');
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, expected: string): InvalidInput =>
  new InvalidInput([{ field, problem: `must be ${expected}`, expected }]);
