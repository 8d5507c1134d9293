import type { Tx } from '../../../platform/database/index.js';
import type { Purpose } from '../domain/consent.js';

/** The public rules of processing (个人信息处理规则). */
export const processingPurposes = (source: Pick<Tx, 'query'>): Promise<readonly Purpose[]> =>
  source.query<Purpose>(
    `SELECT code, name_en AS "nameEn", name_zh AS "nameZh", legal_basis AS "legalBasis", needs_consent AS "needsConsent",
       is_for_disclosure AS "isForDisclosure", field_groups AS "fieldGroups", retention_class AS "retentionClass", owner,
       text_version AS "textVersion", oldest_valid_version AS "oldestValidVersion", text_en AS "textEn",
       text_zh AS "textZh", cooldown_days AS "cooldownDays"
     FROM customers.processing_purpose ORDER BY code`,
  );
