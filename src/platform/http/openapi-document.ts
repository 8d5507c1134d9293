import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ResourceNotFound } from './http-refusals.js';

/** Issues access tokens; also the token address of the console's sign-in dialog, so it takes a form as well as JSON. */
export const SIGN_IN_PATH = '/care-api/organization/v1/session';

const DESCRIPTION = `Care of an operator's high-value customers (贵宾).

TM Forum resources are at TM Forum's paths; everything else is at \`/care-api/{area}/v1/{resource}\` by the same TMF630 guidelines:
\`offset\` and \`limit\` with \`X-Total-Count\` and \`X-Result-Count\`; \`fields=\`; filters by attribute with \`.gt .gte .lt .lte\` and comma for
"or"; \`sort=-a,b\`; PATCH is a JSON merge patch; errors have one shape. Writes that say so accept \`Idempotency-Key\`; all of them
\`X-Reason\` (percent-encoded UTF-8, up to 300 characters): why, for the audit.

Every operation names its refusals. Besides them HTTP itself has its own: 400 \`request.malformed-json\`,
\`request.malformed-url\` and \`request.invalid-reason\`, 404 \`request.unknown-route\`, 405 \`request.method-not-allowed\`, 408 \`request.too-slow\`, 413 \`request.too-large\`,
415 \`request.unsupported-media-type\`; 429 \`request.too-many\` with \`Retry-After\`; 503 \`request.timed-out\`. Systems that sign their requests
get the 401 of docs/system-clients.md.

**To try it here**: Authorize, then user name and password under *signIn*.`;

/** The OpenAPI document of the application; the same application gives the same bytes. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Guibin')
    .setDescription(DESCRIPTION)
    .setVersion('1.0.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'For people' }, 'bearer')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'For systems' }, 'apiKey')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-Signature',
        description: 'For systems that sign; see docs/system-clients.md',
      },
      'signature',
    )
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'User name and password, here in the console',
        flows: { password: { tokenUrl: SIGN_IN_PATH, scopes: {} } },
      },
      'signIn',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of [item.get, item.put, item.post, item.patch, item.delete]) {
      if (!operation) continue;
      operation.security ??= []; // Or the document would not say that it is meant to be public.
      eachItsOwn(operation.requestBody);
      if (path.includes('{')) alsoNotFound(operation.responses['404']);
    }
    if (path.endsWith('}') && item.get) item.get.parameters = withFields(item.get.parameters ?? []);
    if (item.patch) alsoMergePatch(item.patch.requestBody);
  }
  return {
    ...document,
    paths: sorted(document.paths),
    components: { ...document.components, schemas: sorted(document.components?.schemas ?? {}) },
  };
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function withFields(parameters: NonNullable<Operation['parameters']>): NonNullable<Operation['parameters']> {
  if (parameters.some((parameter) => 'name' in parameter && parameter.name === 'fields')) return parameters;
  const description = 'Attributes to answer, `a,b.c`; `id`, `href` and `@type` always are';
  return [...parameters, { name: 'fields', in: 'query', required: false, description, schema: { type: 'string' } }];
}

/** An id that has not even the shape of an id is refused before the use case could refuse it by its own code. */
function alsoNotFound(response: Operation['responses'][string]): void {
  if (response && 'description' in response && !response.description.includes(ResourceNotFound.code)) {
    response.description += `, \`${ResourceNotFound.code}\``;
  }
}

/** Swagger gives all media types one schema; of a body that is JSON or a file, each has its own. */
function eachItsOwn(body: Operation['requestBody']): void {
  if (!body || !('content' in body)) return;
  for (const [type, media] of Object.entries(body.content)) {
    const { oneOf } = media.schema && 'oneOf' in media.schema ? media.schema : {};
    const file = oneOf?.find((schema) => 'format' in schema && schema.format === 'binary');
    if (!oneOf || !file) continue;
    media.schema = type === 'application/json' ? { oneOf: oneOf.filter((schema) => schema !== file) } : file;
  }
}

function alsoMergePatch(body: Operation['requestBody']): void {
  const json = body && 'content' in body ? body.content['application/json'] : undefined;
  if (body && 'content' in body && json)
    body.content = { 'application/merge-patch+json': json, 'application/json': json };
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
