import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/index.js';
import type { UsageExtra } from '../domain/usage-attributes.js';
import { extraContext } from '../persistence/record-extras.js';
import type { UsageRow } from './find-usage.query.js';

/** Opens what records say beyond the contract. Show it masked: it may be anything. */
@Injectable()
export class UsageExtras {
  constructor(private readonly personalData: PersonalData) {}

  of({ source, record_id: recordId, version, extra_sealed: sealed }: UsageRow): UsageExtra {
    if (!sealed || sealed.length === 0) return {};
    const text = this.personalData.open(sealed, extraContext('USG', source, recordId, version));
    const { tmf, ...more } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    // Billing may call something else so.
    return typeof tmf === 'object' && tmf !== null ? { ...more, tmf: { ...tmf } } : more;
  }
}
