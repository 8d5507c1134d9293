import type { PersonalData } from '../../../platform/privacy/index.js';

/** A code as it is stored. A million codes are soon listed, so the digest is keyed, and bound to the number. */
export const hashOfCode = (personalData: PersonalData, msisdnIndex: Buffer, code: string): Buffer =>
  personalData.blindIndex('oneTimeCode', `${msisdnIndex.toString('hex')}:${code}`);
