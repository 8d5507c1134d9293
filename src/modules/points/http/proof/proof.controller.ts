import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../../platform/http/index.js';
import { ProofOfTheNight } from '../../application/proof/proof-of-the-night.js';
import { ProofNotFound } from '../../domain/proof/refusals-of-proof.js';
import { StoredPointsProofView } from './proof.dto.js';

@ApiTags('Points (积分)')
@Controller('/care-api/points/v1')
export class ProofController {
  constructor(private readonly proofs: ProofOfTheNight) {}

  @Get('proof')
  @Operation({
    summary: 'The newest proof of a night (最近一次账务核对)',
    permission: 'points.prove',
    wholeOperator: true,
    refusals: [ProofNotFound],
    returns: StoredPointsProofView,
  })
  async newest(): Promise<StoredPointsProofView> {
    const { ok, checks, customers, postings, seconds, asOf, since } = await this.proofs.newest();
    return {
      '@type': 'PointsProof',
      ok,
      checks: checks.map(({ id, title, violations, first }) => ({ id, title, violations, first: [...first] })),
      customers,
      postings,
      milliseconds: Math.round(seconds * 1000),
      asOf,
      ...(since && { since }),
    };
  }
}
