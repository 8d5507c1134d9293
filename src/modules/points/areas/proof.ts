import { ProofOfTheNight } from '../application/proof/proof-of-the-night.js';
import { ProvePoints } from '../application/proof/prove-points.js';
import { ProofController } from '../http/proof/proof.controller.js';
import { ProvePointsEveryNightJob } from '../jobs/prove-points-every-night.job.js';

/** The proof that every balance equals its history. */
export const proof = {
  controllers: [ProofController],
  providers: [ProvePoints, ProofOfTheNight],
  workers: [ProvePointsEveryNightJob],
};
