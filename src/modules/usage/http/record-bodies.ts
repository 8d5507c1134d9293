import type { Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { KINDS, type Kind } from '../domain/codes.js';
import { FIELD_TABLE, type FieldType, type RecordField } from '../domain/field-table.js';
import { MAX_BATCH, SOURCE_FORM } from './intake.dto.js';

/** What a value of the type is as JSON. Numbers may come as text, too; a record that is wrong is answered as REJECTED. */
const SCHEMAS: Readonly<Record<FieldType, ApiPropertyOptions>> = {
  id: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
  instant: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  cycle: { type: 'string', pattern: '^\\d{6}$' },
  msisdn: { type: 'string', pattern: '^(\\+?86)?1\\d{10}$' },
  imsi: { type: 'string' },
  text: { type: 'string', maxLength: 256 },
  word: { type: 'string' },
  province: { type: 'string', pattern: '^[A-Za-z0-9]{2,6}$' },
  fen: { type: 'integer' },
  integer: { type: 'integer' },
  seconds: { type: 'integer' },
  KB: { type: 'integer' },
  '0/1': { type: 'boolean' },
};

const UNITS: Partial<Record<FieldType, string>> = { fen: 'fen (分)', seconds: 'seconds (秒)', KB: 'KB' };

/** `发生时间; begin of the event; decides the month; E_DATE, E_LATE` */
const meaningOf = ({ chinese, type, rule, words, codes }: RecordField): string =>
  [
    chinese,
    UNITS[type],
    rule,
    words && Object.entries(words).map(([word, meaning]) => `\`${word}\` ${meaning}`).join(', '),
    codes.join(', '),
  ]
    .filter(Boolean)
    .join('; '); // prettier-ignore

function propertyOf(field: RecordField): ApiPropertyOptions {
  const { required = false, words, minimum, maximum, example } = field;
  return {
    ...SCHEMAS[field.type],
    ...(words && { enum: Object.keys(words) }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    required,
    example,
    description: meaningOf(field),
  } as ApiPropertyOptions;
}

const NAMES: Readonly<Record<Kind, string>> = {
  SUB: 'Subscription', USG: 'Usage', BIL: 'Bill', PAY: 'Payment', ARR: 'Arrears',
}; // prettier-ignore

function named(name: string, properties: Readonly<Record<string, ApiPropertyOptions>>): Type {
  const body = class {};
  Object.defineProperty(body, 'name', { value: name });
  for (const [property, options] of Object.entries(properties)) ApiProperty(options)(body.prototype, property);
  return body;
}

function batchOf(kind: Kind): Type {
  const record = named(
    `${NAMES[kind]}RecordBody`,
    Object.fromEntries(FIELD_TABLE[kind].map((field) => [field.name, propertyOf(field)])),
  );
  return named(`${NAMES[kind]}BatchBody`, {
    kind: { type: 'string', enum: [kind] },
    source: { type: 'string', pattern: SOURCE_FORM.source, example: 'BOSS' },
    records: {
      type: [record],
      minItems: 1,
      maxItems: MAX_BATCH,
      description: 'Each is judged on its own. Attributes that are not named here are kept sealed.',
    },
  });
}

/** For the documentation: one batch for each kind, with the fields of the contract. What comes is read by record-batch.ts. */
export const RECORD_BATCHES = KINDS.map(batchOf);
