import { readdirSync, readFileSync } from 'node:fs';
import { MerchantsController } from '../../../src/modules/merchants/http/merchants.controller.js';
import { PosMessagesController } from '../../../src/modules/merchants/http/pos-messages.controller.js';
import { AuctionsController } from '../../../src/modules/points/http/auctions/auctions.controller.js';
import { ExchangeOrdersController } from '../../../src/modules/points/http/exchange/exchange-orders.controller.js';
import { PointsCatalogueController } from '../../../src/modules/points/http/exchange/points-catalogue.controller.js';
import { GroupAccountsController } from '../../../src/modules/points/http/groups/group-accounts.controller.js';
import { SmallPaymentsController } from '../../../src/modules/points/http/holds/small-payments.controller.js';
import { PointsController } from '../../../src/modules/points/http/ledger/points.controller.js';
import { BossDeductionsController } from '../../../src/modules/points/http/money/boss-deductions.controller.js';
import { PointsTransfersController } from '../../../src/modules/points/http/transfers/transfers.controller.js';

interface Controller {
  readonly name: string;
  readonly prototype: object;
}

const MODULES = 'src/modules';
const POINTS = `${MODULES}/points`;
const MERCHANTS = `${MODULES}/merchants/application`;
const APPLICATION = `${POINTS}/application`;

const CODES = new Map(
  ['customers', 'tiering', 'points', 'merchants'].flatMap((module) =>
    readdirSync(`${MODULES}/${module}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /domain\/.*\.ts$/.test(file))
      .map((file) => readFileSync(`${MODULES}/${module}/${file}`, 'utf8'))
      .flatMap((source) => [...source.matchAll(/class (\w+) extends Refusal \{\s+static readonly code = '([^']+)'/g)])
      .map(([, name = '', code = '']) => [name, code] as const),
  ),
);
/** What the bodies of the routes, or keys of their own, leave no way to. */
const BEFORE = ['InvalidPointsAmount'];

/** The codes of what a method says it throws. */
function thrownBy(path: string, method: string, never: readonly string[]): string[] {
  const source = readFileSync(path, 'utf8');
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+(?:async )?${method}\\(`).exec(source)?.[1] ?? '';
  const names = (comment.split('@throws')[1] ?? '').replaceAll(/`[^`]*`/g, '').match(/\b[A-Z]\w+/g) ?? [];
  return names
    .filter((name) => ![...BEFORE, ...never].includes(name))
    .map((name) => CODES.get(name) ?? `no refusal: ${name}`);
}

function documentedOf(controller: Controller, route: string): string[] {
  const handler: unknown = Object.getOwnPropertyDescriptor(controller.prototype, route)?.value;
  const answers = Reflect.getMetadata('swagger/apiResponse', handler as object) as Record<
    string,
    { description: string }
  >;
  return Object.values(answers).flatMap(({ description }) =>
    [...description.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
}

type Use = readonly [path: string, method: string, never?: readonly string[]];
const ROUTES: readonly (readonly [Controller, route: string, ...uses: Use[]])[] = [
  [PointsController, 'redeem', [`${APPLICATION}/ledger/redeem-points.ts`, 'execute']],
  [PointsController, 'reverse', [`${APPLICATION}/ledger/reverse-redemption.ts`, 'execute']],
  [SmallPaymentsController, 'pay', [`${APPLICATION}/holds/small-payments.ts`, 'pay']],
  [SmallPaymentsController, 'reverse', [`${APPLICATION}/holds/small-payments.ts`, 'reverse']],
  [ExchangeOrdersController, 'place', [`${APPLICATION}/exchange/place-order.ts`, 'execute']],
  [ExchangeOrdersController, 'card', [`${APPLICATION}/exchange/show-card.ts`, 'execute']],
  [ExchangeOrdersController, 'handOver', [`${APPLICATION}/exchange/end-order-of-goods.ts`, 'handOver']],
  [ExchangeOrdersController, 'cancel', [`${APPLICATION}/exchange/end-order-of-goods.ts`, 'cancel']],
  [ExchangeOrdersController, 'decide', [`${APPLICATION}/exchange/decide-order.ts`, 'execute']],
  [PointsCatalogueController, 'create', [`${APPLICATION}/exchange/change-points-catalogue.ts`, 'create']],
  [PointsCatalogueController, 'change', [`${APPLICATION}/exchange/change-points-catalogue.ts`, 'change']],
  [PointsCatalogueController, 'deliver', [`${APPLICATION}/exchange/change-points-catalogue.ts`, 'deliver']],
  [GroupAccountsController, 'registerPerson', [`${APPLICATION}/groups/key-person-register.ts`, 'register']],
  [GroupAccountsController, 'redeem', [`${APPLICATION}/groups/redeem-for-group.ts`, 'execute']],
  [PointsTransfersController, 'registerPayee', [`${APPLICATION}/transfers/payee-register.ts`, 'register']],
  [PointsTransfersController, 'removePayee', [`${APPLICATION}/transfers/payee-register.ts`, 'remove']],
  [PointsTransfersController, 'transfer', [`${APPLICATION}/transfers/transfer-points.ts`, 'execute']],
  [AuctionsController, 'bid', [`${APPLICATION}/auctions/place-bid.ts`, 'execute']],
  [BossDeductionsController, 'deduct', [`${APPLICATION}/money/boss-deductions.ts`, 'execute']],
  [
    PosMessagesController,
    'take',
    [`${MERCHANTS}/answer-pos-message.ts`, 'execute'],
    [`${MERCHANTS}/charge-card.ts`, 'execute'],
    [`${MERCHANTS}/go-on-from-sale.ts`, 'execute'],
    [`${MERCHANTS}/reverse-message.ts`, 'execute'],
    // A message has its key once: it is claimed before.
    [`${POINTS}/pos-points.facade.ts`, 'authorise', ['KeyReused']],
  ],
  [MerchantsController, 'create', [`${MERCHANTS}/change-merchants.ts`, 'create']],
  [MerchantsController, 'change', [`${MERCHANTS}/change-merchants.ts`, 'change']],
  [MerchantsController, 'openSite', [`${MERCHANTS}/change-merchants.ts`, 'openSite']],
  [MerchantsController, 'addTerminal', [`${MERCHANTS}/change-merchants.ts`, 'addTerminal']],
];

describe('a route names all refusals of its use cases', () => {
  it.each(ROUTES.map(([controller, route, ...uses]) => ({ controller, route, uses, name: controller.name })))(
    '$name: $route',
    ({ controller, route, uses }) => {
      const thrown = uses.flatMap(([path, method, never = []]) => thrownBy(path, method, never));
      expect(thrown).not.toEqual([]);
      expect(documentedOf(controller, route)).toEqual(expect.arrayContaining(thrown));
    },
  );

  it('[GRP-19] and whoever spends says that a group needs a key person', () => {
    const spending = [
      [PointsController, 'redeem'],
      [SmallPaymentsController, 'pay'],
      [ExchangeOrdersController, 'place'],
      [PointsTransfersController, 'transfer'],
      [AuctionsController, 'bid'],
      [BossDeductionsController, 'deduct'],
      [PosMessagesController, 'take'],
    ] as const;
    for (const [controller, route] of spending)
      expect(documentedOf(controller, route)).toContain('points.key-person-needed');
  });
});
