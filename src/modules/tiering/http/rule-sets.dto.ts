import { AnyObjectField, DateField, EnumField, TextField } from '../../../platform/http/index.js';
import { gotone2026 } from '../domain/gotone-2026.js';
import { ruleSetStatuses } from '../domain/rule-set.js';

export class RuleSetView {
  @TextField({ description: 'The version', example: '2026.1' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'TierRuleSet' })
  '@type'!: string;

  @TextField({ example: 'GOTONE' })
  program!: string;

  @EnumField({ values: ruleSetStatuses })
  status!: string;

  @DateField({ example: '2020-01-01' })
  effectiveFrom!: string;

  @DateField({ description: 'The first day on which it is no longer in effect', example: '9999-12-31' })
  effectiveUntil!: string;

  @TextField({ description: 'SHA-256 of the body with sorted keys' })
  checksum!: string;

  @TextField()
  author!: string;

  @TextField({ optional: true })
  approver?: string | undefined;

  @AnyObjectField({ description: 'Levels, inputs, requirements, exclusions, routes, review' })
  body!: object;
}

export class CreateRuleSet {
  @TextField({
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/,
    patternMeans: 'a version of up to 40 letters, digits, . _ -',
    example: '2027.1',
  })
  version!: string;

  @DateField({ example: '2027-02-01' })
  effectiveFrom!: string;

  @DateField({ optional: true, description: 'The first day on which it is no longer in effect' })
  effectiveUntil?: string;

  @AnyObjectField({
    description: 'As in a rule set that is there; every mistake is answered with its place (JSON pointer)',
    example: gotone2026,
  })
  body!: object;
}
