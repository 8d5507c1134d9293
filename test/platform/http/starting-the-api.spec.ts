import { randomBytes } from 'node:crypto';
import { Controller, Get, Global, Module } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock, SystemClock } from '../../../src/platform/clock/index.js';
import { loadSettings, Settings } from '../../../src/platform/config/index.js';
import { Database } from '../../../src/platform/database/index.js';
import {
  buildOpenApi,
  configureHttp,
  fastifyOptions,
  HttpModule,
  Operation,
  Public,
  routesOf,
  TextField,
} from '../../../src/platform/http/index.js';
import { ActorDirectory } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';

const settings = Object.assign(loadSettings({}), { jwtSecret: 'x'.repeat(40) });

class View {
  @TextField()
  name!: string;
}

@Controller('declared')
class Declared {
  @Get()
  @Operation({ summary: 'Declared (已声明)', permission: 'things.read', returns: View })
  get(): View {
    return { name: 'x' };
  }
  @Public()
  @Get('open')
  open(): string {
    return 'open';
  }
}

@Controller('forgotten')
class Forgotten {
  @Get('door')
  door(): string {
    return 'open';
  }
}

const start = async (controllers: Type[], options: { preview?: boolean; docsEnabled?: boolean } = {}) => {
  @Global()
  @Module({
    providers: [
      { provide: Settings, useValue: settings },
      { provide: Clock, useClass: SystemClock },
      { provide: PersonalData, useValue: new PersonalData([{ id: 'k', key: randomBytes(32) }], randomBytes(32)) },
      { provide: ActorDirectory, useValue: {} },
      { provide: Database, useFactory: () => options.preview && neverMade() },
    ],
    exports: [Settings, Clock, PersonalData, ActorDirectory, Database],
  })
  class Ground {}

  @Module({ imports: [Ground, HttpModule], controllers })
  class Application {}

  const app = await NestFactory.create<NestFastifyApplication>(
    Application,
    new FastifyAdapter(fastifyOptions(settings)),
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
      preview: options.preview ?? false,
    },
  );
  if (!options.preview) await configureHttp(app, { ...settings, docsEnabled: options.docsEnabled ?? false });
  return app;
};
const neverMade = (): never => {
  throw new Error('A preview makes no providers');
};

describe('starting the API', () => {
  it('refuses when a route has not said who may call it, and names it', async () => {
    const app = await start([Declared, Forgotten]);
    await expect(app.init()).rejects.toThrow(
      'These routes declare neither @Permission nor @Public:\n  GET /forgotten/door (Forgotten.door)',
    );
    await app.close();
  });

  it('works when every route has', async () => {
    const app = await start([Declared]);
    await app.init();
    expect(routesOf(app).map(({ path, access }) => [path, access])).toEqual([
      ['/declared', { permission: 'things.read' }],
      ['/declared/open', 'public'],
    ]);
    await app.close();
  });

  it('describes the API without making a single provider', async () => {
    const app = await start([Declared], { preview: true });
    expect(Object.keys(buildOpenApi(app).paths)).toEqual(['/declared', '/declared/open']);
    await app.close();
  });

  it.each([
    [true, 200],
    [false, 404],
  ])('with the console set to %s, /docs answers %i', async (docsEnabled, status) => {
    const app = await start([Declared], { docsEnabled });
    await app.listen(0, '127.0.0.1');
    expect((await fetch(`${await app.getUrl()}/docs`)).status).toBe(status);
    expect((await fetch(`${await app.getUrl()}/docs-json`)).status).toBe(status);
    await app.close();
  });
});
