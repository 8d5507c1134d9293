import type { Tx } from '../../../platform/database/index.js';
import type { DocumentKind } from '../domain/identity-document.js';

interface Row {
  readonly code: string;
  readonly name_en: string;
  readonly name_zh: string;
  readonly pattern: string;
  readonly pattern_means: string;
  readonly is_resident_number: boolean;
  readonly accepted_from: string | null;
  readonly accepted_until: string | null;
  readonly rule_source: string;
}

export async function documentKinds(source: Pick<Tx, 'query'>): Promise<readonly DocumentKind[]> {
  const rows = await source.query<Row>('SELECT * FROM customers.document_kind ORDER BY code');
  return rows.map((row) => ({
    code: row.code,
    nameEn: row.name_en,
    nameZh: row.name_zh,
    pattern: row.pattern,
    patternMeans: row.pattern_means,
    isResidentNumber: row.is_resident_number,
    acceptedFrom: row.accepted_from ?? undefined,
    acceptedUntil: row.accepted_until ?? undefined,
    ruleSource: row.rule_source,
  }));
}
