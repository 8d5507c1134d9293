import { ApiSchema } from '@nestjs/swagger';
import type { RefusalKind } from '../errors/index.js';
import { AnyObjectField, TextField } from './fields.js';

/** The one place where a refusal becomes a status. */
export const STATUS_OF: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  rejected: 422,
  'too-many': 429,
  unavailable: 503,
};

/** TMF630's error, the body of every answer that is not a success. */
@ApiSchema({ name: 'Error' })
export class ErrorBody {
  @TextField({ description: 'Stable and dotted; what programs decide by', example: 'points.insufficient' })
  code!: string;

  @TextField({ description: 'What kind of refusal it is, for people', example: 'Refused by a rule' })
  reason!: string;

  @TextField({ description: 'What was wrong and what would be right', example: 'The balance is below the request' })
  message!: string;

  @TextField({ description: 'The HTTP status', example: '422' })
  status!: string;

  @TextField({ description: 'Names the error', example: 'urn:guibin:error:points.insufficient' })
  referenceError!: string;

  @TextField({ example: 'Error' })
  '@type'!: 'Error';

  @AnyObjectField({
    optional: true,
    description: 'Facts to do better with: field, expected, available, …; `violations` lists every bad field',
    example: { available: 120, requested: 500 },
  })
  detail?: object;
}
