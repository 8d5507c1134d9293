import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { buildOpenApi } from './openapi-document.js';

// The console comes with @nestjs/swagger. Its own set-up would serve the whole package folder by one more plugin; the
// console needs four files.
const packagePath = createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger')).resolve(
  'swagger-ui-dist/package.json',
);

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

// Addresses are relative, so that the console also works below a proxy's prefix.
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Guibin API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle(${JSON.stringify({
  url: 'docs-json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  docExpansion: 'none',
  filter: true,
  tagsSorter: 'alpha',
})});
`;

/** The console at `/docs`, the document at `/docs-json`. */
export function serveDocs(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  let document: string | undefined;
  fastify.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  fastify.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START));
  fastify.get('/docs-json', (_request, reply) => {
    document ??= JSON.stringify(buildOpenApi(app));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  for (const [name, type] of Object.entries(ASSETS)) {
    fastify.get(`/docs/${name}`, async (_request, reply) => {
      const asset = await readFile(join(dirname(packagePath), name));
      return reply.type(type).header('Cache-Control', 'public, max-age=86400').send(asset);
    });
  }
}
