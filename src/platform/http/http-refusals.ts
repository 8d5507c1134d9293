import { isId } from '../database/index.js';
import { Refusal } from '../errors/index.js';

/** A refusal whose status is HTTP's own and has no kind in the domain (405, 406, 415…). */
export class ProtocolRefusal extends Refusal {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    facts: Refusal['facts'] = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, 'malformed', message, facts);
  }
}

export class UnsupportedMediaType extends ProtocolRefusal {
  constructor(expected: string) {
    super(415, 'request.unsupported-media-type', `Send the body as ${expected}`, { field: 'Content-Type', expected });
  }
}

export class ResourceNotFound extends Refusal {
  static readonly code = 'resource.not-found';
  static readonly kind = 'not-found';
  constructor(type = 'resource') {
    super(ResourceNotFound.code, ResourceNotFound.kind, `There is no such ${type}`);
  }
}

export class RequestTimedOut extends Refusal {
  static readonly code = 'request.timed-out';
  static readonly kind = 'unavailable';
  constructor() {
    super(RequestTimedOut.code, RequestTimedOut.kind, 'This took longer than a request may; ask for less at a time');
  }
}

/**
 * An id from a path: one that has not even the shape of an id is the id of nothing, so the answer is 404 as for every other
 * unknown id, and no query fails on it.
 * @throws ResourceNotFound
 */
export function resourceId(value: string, type?: string): string {
  if (!isId(value)) throw new ResourceNotFound(type);
  return value.toLowerCase();
}
