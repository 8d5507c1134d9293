import { applyDecorators, HttpCode } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Refusal, RefusalKind } from '../errors/index.js';
import * as clientRefusals from '../identity/client-refusals.js';
import { Permission, Public } from './access.js';
import { ConcernsCustomer, WholeOperator, type Concerns } from './concerns.js';
import { FreshCode, FreshCodeNeeded } from './fresh-code.js';
import { ErrorBody, STATUS_OF } from './error-body.js';
import { Idempotent } from './idempotent.js';
import { InvalidListQuery } from './list-request.js';
import { listedBy } from './operation-docs.js';
import { NotForCustomers, SelfService } from './self-service.js';
import { NDJSON, TooManyStreams } from './stream-rows.js';
import { TakesLong } from './takes-long.js';
import { Limited, TooManyRequests, type RequestLimit } from './throttle.js';

type RefusalClass = (abstract new (...args: never[]) => Refusal) & {
  readonly code?: string;
  readonly kind?: RefusalKind;
};

/**
 * A refusal that an operation may answer: its class (with `static readonly code` and `kind`), its code (then of kind
 * `rejected`, 422), or kind and code: `'conflict points.already-reversed'`.
 */
export type DocumentedRefusal = RefusalClass | `${RefusalKind} ${string}` | `${string}.${string}`;

type Answer =
  /** 201, with `Location` from the view's `href`. */
  | { readonly creates: Type }
  /** 200. `[View]` for a plain list; a media type for a file. Lists with `@ListQuery` need no brackets. */
  | { readonly returns: Type | readonly [Type] | `${string}/${string}` }
  /** 202: begun, not done. */
  | { readonly accepts: Type }
  /** 204. */
  | { readonly noContent: true };

export type OperationOptions = {
  /** English, with the operator's term: `Redeem points (积分兑换)`. */
  readonly summary: string;
  readonly description?: string;
  /** `area.verb`, or `public`. */
  readonly permission: `${string}.${string}` | 'public';
  /** Only actors whose scope is everybody may call it. */
  readonly wholeOperator?: boolean;
  /** Whose data it touches, where the request names single customers. */
  readonly concerns?: Concerns;
  /** Customers may call it about themselves; without this a route is closed to them. */
  readonly selfService?: boolean;
  /** Customers must have shown minutes ago to have their number in hand. */
  readonly freshCode?: boolean;
  readonly refusals?: readonly DocumentedRefusal[];
  /** Tighter than that of all routes together, for what is dear, or tempting. */
  readonly limit?: RequestLimit;
  /** Takes in a file, or looks at everybody: its transactions are not ended after the time of a request. */
  readonly takesLong?: boolean;
  /** The route honours `Idempotency-Key`. */
  readonly idempotent?: boolean;
  /** The list is answered by `answerList`: all rows as NDJSON to whoever accepts that. */
  readonly streams?: boolean;
  readonly deprecated?: boolean;
} & Answer;

/** Declares a route once: its permission, its status, and its documentation with everything it may answer. */
export function Operation(options: OperationOptions): MethodDecorator {
  const { summary, permission, concerns, refusals = [], idempotent = false, deprecated = false } = options;
  const { selfService = false, freshCode = false } = options;
  const isPublic = permission === 'public';
  const description = [
    options.description,
    options.streams && STREAMED,
    isPublic ? 'Public.' : `Permission: \`${permission}\`.`,
  ]
    .filter(Boolean)
    .join('\n\n');
  return (target, key, descriptor) => {
    const documented = [
      ...refusals.map(namedRefusal),
      ...(isPublic ? [] : ACCESS_REFUSALS),
      ...(options.wholeOperator ? [WHOLE_OPERATOR_REFUSAL] : []),
      ...(isPublic || selfService ? [] : [namedRefusal(NotForCustomers)]),
      ...(freshCode ? [namedRefusal(FreshCodeNeeded)] : []),
      ...(options.limit ? [namedRefusal(TooManyRequests)] : []),
      ...(options.streams ? [namedRefusal(TooManyStreams)] : []),
      ...(idempotent ? IDEMPOTENCY_REFUSALS : []),
      ...(listedBy(descriptor.value as object)
        ? [InvalidListQuery]
        : [{ kind: 'malformed' as const, code: 'request.invalid' }]),
    ];
    const decorators = [
      ApiOperation({ summary, description, deprecated }),
      isPublic ? Public() : Permission(permission),
      ...(isPublic
        ? []
        : [ApiBearerAuth('bearer'), ApiSecurity('apiKey'), ApiSecurity('signature'), ApiSecurity('signIn')]),
      ...(options.wholeOperator ? [WholeOperator()] : []),
      ...(concerns ? [ConcernsCustomer(concerns)] : []),
      ...(selfService ? [SelfService(summary)] : []),
      ...(freshCode ? [FreshCode()] : []),
      ...(options.limit ? [Limited(options.limit)] : []),
      ...(options.takesLong ? [TakesLong()] : []),
      ...(idempotent ? [Idempotent(), IDEMPOTENCY_HEADER] : []),
      answer(options, descriptor.value as object),
      ...errors(documented),
    ];
    applyDecorators(...decorators)(target, key, descriptor);
  };
}

const ACCESS_REFUSALS: readonly { readonly kind: RefusalKind; readonly code: string }[] = [
  { kind: 'unauthenticated', code: 'access.not-signed-in' },
  { kind: 'unauthenticated', code: 'access.invalid-credentials' },
  ...Object.values(clientRefusals).map(namedRefusal),
  { kind: 'forbidden', code: 'access.permission-missing' },
  { kind: 'forbidden', code: 'access.second-factor-needed' },
];
const WHOLE_OPERATOR_REFUSAL = { kind: 'forbidden', code: 'access.whole-operator-only' } as const;
const IDEMPOTENCY_REFUSALS = [
  { kind: 'conflict', code: 'idempotency.key-reused' },
  { kind: 'conflict', code: 'idempotency.in-progress' },
  { kind: 'malformed', code: 'idempotency.invalid-key' },
] as const;
const IDEMPOTENCY_HEADER = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description:
    'Any text of up to 128 visible characters, new for each intention. The same key with the same body is answered with the stored answer and `Idempotency-Replayed: true`; with another body it is a conflict.',
  schema: { type: 'string', maxLength: 128 },
});

const KINDS: readonly string[] = Object.keys(STATUS_OF);

function namedRefusal(refusal: DocumentedRefusal): { kind: RefusalKind; code: string } {
  if (typeof refusal === 'function') return { kind: refusal.kind ?? 'rejected', code: refusal.code ?? refusal.name };
  const [first = '', second] = refusal.split(' ');
  return second !== undefined && KINDS.includes(first)
    ? { kind: first as RefusalKind, code: second }
    : { kind: 'rejected', code: refusal };
}

function errors(refusals: readonly { kind: RefusalKind; code: string }[]): MethodDecorator[] {
  const codesByStatus = new Map<number, Set<string>>();
  for (const { kind, code } of refusals) {
    const status = STATUS_OF[kind];
    codesByStatus.set(status, (codesByStatus.get(status) ?? new Set()).add(code));
  }
  return [...codesByStatus].map(([status, codes]) =>
    ApiResponse({ status, description: [...codes].map((code) => `\`${code}\``).join(', '), type: ErrorBody }),
  );
}

function answer(options: OperationOptions, handler: object): MethodDecorator {
  if ('creates' in options) {
    const headers = { Location: { description: 'The new resource', schema: { type: 'string' } } };
    return applyDecorators(
      HttpCode(201),
      ApiResponse({ status: 201, description: 'Created', type: options.creates, headers }),
    );
  }
  if ('accepts' in options) {
    return applyDecorators(HttpCode(202), ApiResponse({ status: 202, description: 'Begun', type: options.accepts }));
  }
  if ('noContent' in options) return applyDecorators(HttpCode(204), ApiResponse({ status: 204, description: 'Done' }));

  const { returns } = options;
  if (typeof returns === 'string') {
    const content = { [returns]: { schema: { type: 'string', format: 'binary' } } };
    return applyDecorators(HttpCode(200), ApiResponse({ status: 200, description: 'The file', content }));
  }
  const type = typeof returns === 'function' ? returns : returns[0];
  const isPage = listedBy(handler) !== undefined;
  if (typeof returns === 'function' && !isPage) {
    return applyDecorators(HttpCode(200), ApiResponse({ status: 200, description: 'OK', type }));
  }
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(type),
    ApiResponse({
      status: 200,
      description: isPage ? 'One page of the list' : 'OK',
      ...(options.streams
        ? {
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: getSchemaPath(type) } } },
              [NDJSON]: { schema: { $ref: getSchemaPath(type) } },
            },
          }
        : { schema: { type: 'array', items: { $ref: getSchemaPath(type) } } }),
      ...(isPage && { headers: PAGE_HEADERS }),
    }),
  );
}

const STREAMED = `\`Accept: ${NDJSON}\` takes all rows, one JSON object per line, without \`X-Total-Count\`.`;

const PAGE_HEADERS = {
  'X-Total-Count': { description: 'Number of resources in all', schema: { type: 'integer' } },
  'X-Result-Count': { description: 'Number of resources on this page', schema: { type: 'integer' } },
};
