import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { loadSettings } from './platform/config/index.js';
import { buildOpenApi, fastifyOptions } from './platform/http/index.js';

/**
 * `npm run openapi`: writes openapi/openapi.json. The application is only previewed, so no provider is made: this needs no
 * database, no keys and no environment.
 */
const settings = loadSettings({ GUIBIN_ROLE: 'api' });
const app = await NestFactory.create<NestFastifyApplication>(
  AppModule.with(settings),
  new FastifyAdapter(fastifyOptions(settings)),
  { preview: true, logger: false, abortOnError: false },
);
const file = join(process.cwd(), 'openapi', 'openapi.json');
await mkdir(join(process.cwd(), 'openapi'), { recursive: true });
await writeFile(file, `${JSON.stringify(buildOpenApi(app), null, 2)}\n`);
await app.close();
console.log(file);
