import { DateField } from './fields.js';

/** For what is answered as of a business day. */
export class AsOfQuery {
  @DateField({ optional: true, description: 'Business day; default today', example: '2026-02-01' })
  asOf?: string;
}
