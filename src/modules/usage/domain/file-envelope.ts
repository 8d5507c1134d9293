import { ColumnOrder } from './column-order.js';
import { KINDS, type Kind } from './codes.js';
import type { Trailer } from './control-totals.js';
import { RecordFields } from './record-fields.js';
import { BadFile } from './rejection.js';

/** What the name of a BOSS file says. */
export interface FileName {
  readonly name: string;
  readonly kind: Kind;
  readonly source: string;
  readonly province: string;
  /** `YYYY-MM-DD` */
  readonly businessDate: string;
  /** Counted per source and kind. */
  readonly sequence: number;
  /** `01`, `02`, or one that we do not know. */
  readonly formatVersion: string;
}

/** Both are taken side by side. */
export const FORMAT_VERSIONS = ['01', '02'] as const;

export interface Header {
  readonly source: string;
  readonly province: string;
  readonly businessDate: string;
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** In which order a file of format 02 has its columns. */
  readonly columns: ColumnOrder | undefined;
}

const NAME = /^([A-Z]{3})_([A-Z0-9]{2,12})_([A-Za-z0-9]{2,6})_(\d{4})(\d{2})(\d{2})_(\d{6})_(\d{2})\.csv(?:\.gz)?$/;

const HEADER_FORM = {
  '01': 'H|01|source|prov|yyyyMMdd|sequence|createdAt|recordCountHint',
  '02': 'H|02|source|prov|yyyyMMdd|sequence|createdAt|recordCountHint|columns',
};

/** Reads `USG_BOSS_440000_20250201_000001_01.csv.gz`; `undefined` when it is no name of the contract. */
export function parseFileName(name: string): FileName | undefined {
  const match = NAME.exec(name);
  const kind = KINDS.find((kind) => kind === match?.[1]);
  if (!match || !kind) return undefined;
  const [, , source = '', province = '', year, month, day, sequence, formatVersion = ''] = match;
  const businessDate = RecordFields.ofText(`${year}-${month}-${day}`).date(0);
  return businessDate === undefined
    ? undefined
    : { name, kind, source, province, businessDate, sequence: Number(sequence), formatVersion };
}

/**
 * Reads `H|01|source|prov|bizDate|seq|createdAt|recordCountHint`, of format 02 with `|columns` behind it, and holds it against
 * the name.
 * @throws BadFile
 */
export function parseHeader(line: RecordFields, name: FileName): Header {
  if (line.ascii(0) !== 'H') throw new BadFile('E_FORMAT', 'the first line must be a header (H|…)');
  const version = FORMAT_VERSIONS.find((version) => version === line.ascii(1));
  if (!version || !FORMAT_VERSIONS.some((version) => version === name.formatVersion)) {
    throw new BadFile('E_FORMAT', `the format version must be one of ${FORMAT_VERSIONS.join(', ')}`);
  }
  if (version !== name.formatVersion) {
    throw new BadFile('E_FORMAT', 'the format version of the header is not that of the file name');
  }
  const day = line.ascii(4) ?? '';
  const businessDate = RecordFields.ofText(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`).date(0);
  const sequence = line.natural(5);
  const createdAt = line.instant(6);
  const form = HEADER_FORM[version];
  if (
    line.count !== form.split('|').length ||
    businessDate === undefined ||
    sequence === undefined ||
    createdAt === undefined
  ) {
    throw new BadFile('E_FORMAT', `the header must be ${form}`);
  }
  const columns = version === '02' ? new ColumnOrder(name.kind, line.ascii(8) ?? '') : undefined;
  const header = {
    source: line.ascii(2) ?? '',
    province: line.ascii(3) ?? '',
    businessDate,
    sequence,
    createdAt,
    columns,
  };
  for (const field of ['source', 'province', 'businessDate', 'sequence'] as const) {
    if (header[field] !== name[field])
      throw new BadFile('E_FORMAT', `${field} of the header is not that of the file name`);
  }
  return header;
}

/** @throws BadFile */
export function parseTrailer(line: RecordFields): Trailer {
  const [records, feeFen, minutes, volumeKb] = [line.natural(1), line.integer(2), line.integer(3), line.integer(4)];
  const firstEventTime = line.instant(5);
  const lastEventTime = line.instant(6);
  const sha256 = line.ascii(7)?.toLowerCase();
  const timesAreReadable =
    (firstEventTime !== undefined || !line.has(5)) && (lastEventTime !== undefined || !line.has(6));
  const isWhole = line.count === 8 && timesAreReadable && sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256);
  if (!isWhole || records === undefined || feeFen === undefined || minutes === undefined || volumeKb === undefined) {
    throw new BadFile('E_FORMAT', 'the trailer must be T|recordCount|sumFeeFen|sumMinutes|sumKB|first|last|sha256');
  }
  return { records, feeFen, minutes, volumeKb, firstEventTime, lastEventTime, sha256 };
}
