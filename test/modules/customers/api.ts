import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { loadSettings } from '../../../src/platform/config/index.js';
import { Transaction } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { configureHttp, fastifyOptions, HttpModule } from '../../../src/platform/http/index.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { CustomersFacade, CustomersModule } from '../../../src/modules/customers/index.js';
import { OrganizationFacade, OrganizationModule } from '../../../src/modules/organization/index.js';
import type { TestDatabase } from '../../support/database.js';
import { listen } from '../../support/http.js';

/** The first two modules behind their real HTTP. */
export async function startOrganizationAndCustomers(db: TestDatabase) {
  const settings = Object.assign(loadSettings({}), {
    databaseUrl: db.url,
    jwtSecret: 'x'.repeat(40),
    dataKeys: [{ id: 'test', key: randomBytes(32) }],
    indexKey: randomBytes(32),
  });
  @Module({
    imports: [PlatformModule.with(settings), EventsModule, HttpModule, OrganizationModule, CustomersModule],
  })
  class Api {}
  const app = await NestFactory.create<NestFastifyApplication>(Api, new FastifyAdapter(fastifyOptions(settings)), {
    bodyParser: false,
    logger: ['error'],
    abortOnError: false,
  });
  await configureHttp(app, settings);
  const call = await listen(app);
  const organization = app.get(OrganizationFacade);
  const first = await organization.ensureFirstAdministrator();
  const signIn = async (login: string, password: string): Promise<string> => {
    const { body } = await call({
      method: 'POST',
      url: '/care-api/organization/v1/session',
      payload: { login, password },
    });
    return `Bearer ${body.accessToken}`;
  };
  return {
    app,
    call,
    signIn,
    organization,
    administrator: { login: first?.login ?? '', password: first?.password ?? '' },
    customers: app.get(CustomersFacade),
    transaction: app.get(Transaction),
  };
}
