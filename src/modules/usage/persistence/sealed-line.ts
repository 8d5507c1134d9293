import type { PersonalData } from '../../../platform/privacy/index.js';

/** Seals a raw line for keeping; the context binds it to its place in its intake. */
export const sealLine = (personalData: PersonalData, intakeId: string, lineNo: number, line: string): Buffer =>
  personalData.seal(line, sealedLineContext(intakeId, lineNo));

export const sealedLineContext = (intakeId: string, lineNo: number): string => `usage.line:${intakeId}:${lineNo}`;
