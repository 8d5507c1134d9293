import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { loadSettings } from '../../src/platform/config/index.js';
import { fastifyOptions, routesOf, type Route } from '../../src/platform/http/index.js';

/** Open to customers without naming one: they answer about whoever asks, or about nobody. */
const NAMES_NOBODY = [
  'DELETE /care-api/customers/v1/customerSession',
  'DELETE /care-api/customers/v1/customerSession/current',
  'GET /care-api/customers/v1/me',
  'GET /care-api/customers/v1/me/access',
  'GET /care-api/customers/v1/me/personalData',
  'GET /care-api/points/v1/auction',
  'GET /care-api/points/v1/auction/:id',
  'GET /care-api/points/v1/catalogueItem',
  'GET /care-api/points/v1/catalogueItem/:id',
  'GET /care-api/points/v1/earnRuleSet',
  // Lists, cut to the scope of whoever asks.
  'GET /care-api/billing/v1/payment',
  'GET /tmf-api/customerBillManagement/v4/customerBill',
  'GET /tmf-api/troubleTicket/v4/troubleTicket',
  'GET /tmf-api/usageManagement/v4/usage',
];

describe('[SELF-02] routes that are open to customers', () => {
  let app: NestFastifyApplication;
  let open: readonly Route[];

  beforeAll(async () => {
    const settings = loadSettings({ GUIBIN_ROLE: 'api' });
    const adapter = new FastifyAdapter(fastifyOptions(settings));
    app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, {
      preview: true,
      logger: false,
      abortOnError: false,
    });
    open = routesOf(app).filter(({ selfService }) => selfService !== undefined);
  });
  afterAll(() => app.close());

  it('say whose data they touch, so that the guard holds them to the own, or name nobody', () => {
    const unguarded = open
      .filter(({ concerns }) => concerns === undefined)
      .map(({ method, path }) => `${method} ${path}`);
    expect(unguarded.sort()).toEqual([...NAMES_NOBODY].sort());
    expect(open.length).toBeGreaterThan(NAMES_NOBODY.length + 8);
  });

  it('change nothing but what customers may: their redemptions, orders, payees, transfers, bids, tickets, consents, sign-ins, how their bill is, and what they ask of their data', () => {
    const changing = open.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
    expect(changing.sort()).toEqual([
      'DELETE /care-api/customers/v1/customerSession',
      'DELETE /care-api/customers/v1/customerSession/current',
      'DELETE /care-api/points/v1/account/:customerId/payee/:payeeId',
      'PATCH /care-api/billing/v1/billPreference/:customerId',
      'POST /care-api/benefits/v1/customer/:customerId/exchange',
      'POST /care-api/billing/v1/itemisedList',
      'POST /care-api/customers/v1/consent',
      'POST /care-api/points/v1/account/:customerId/order',
      'POST /care-api/points/v1/account/:customerId/order/:id/cancellation',
      'POST /care-api/points/v1/account/:customerId/order/:id/card',
      'POST /care-api/points/v1/account/:customerId/payee',
      'POST /care-api/points/v1/auction/:id/bid',
      'POST /care-api/points/v1/redemption',
      'POST /care-api/points/v1/transfer',
      'POST /care-api/privacy/v1/subjectExport',
      'POST /care-api/privacy/v1/subjectRequest',
      'POST /tmf-api/troubleTicket/v4/troubleTicket',
    ]);
  });
});
