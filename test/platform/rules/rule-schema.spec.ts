import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { ruleSchemas, validateCondition } from '../../../src/platform/rules/index.js';
import { catalogue, spoiltCondition, validCondition } from './random-rules.js';
import { SEED } from '../../support/seed.js';

describe(`the published schema of a rule (SEED=${SEED})`, () => {
  const ajv = new Ajv({ strictTuples: false });
  const fits = ajv.compile({
    $ref: '#/$defs/Condition',
    $defs: ruleSchemas((name) => `#/$defs/${name}`),
  });

  it('accepts every rule that is accepted', () => {
    fc.assert(
      fc.property(validCondition, (rule) => {
        expect(fits(rule)).toBe(true);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it('refuses no rule that is accepted, and a spoilt rule never breaks the check', () => {
    let refused = 0;
    fc.assert(
      fc.property(spoiltCondition, (json) => {
        const accepted = validateCondition(catalogue, json).ok;
        if (!fits(json)) refused += 1;
        expect(accepted && !fits(json)).toBe(false);
      }),
      { seed: SEED, numRuns: 1_500 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
