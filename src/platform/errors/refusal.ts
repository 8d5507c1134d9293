export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'rejected'
  | 'too-large'
  | 'too-many'
  | 'unavailable';

export type RefusalFact = string | number | boolean | null | undefined | readonly (string | number)[];

/**
 * What the system says when it will not do what it was asked.
 *
 * `code` is stable and dotted (`points.insufficient`); `kind` decides the HTTP status in one place; `facts` hold what the
 * caller needs to do better (`field`, `expected`, `actual`, `available`, …). Neither message nor facts ever hold personal
 * data: both end up in answers and logs.
 */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly kind: RefusalKind,
    message: string,
    readonly facts: Readonly<Record<string, RefusalFact>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}
