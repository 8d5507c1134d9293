/** Look after the own sign-in: everybody of the staff may, whatever the roles permit. */
export const OWN_SESSION = 'session.own';

/** Every permission that a route may ask for. */
export const ALL_PERMISSIONS = [
  OWN_SESSION,
  'organization.read',
  'organization.manage',
  /** System clients and their keys. */
  'organization.keys',
  /** The access register and the audit of writes. */
  'organization.audit',
  /** Decide what others asked for; the kind of request names the permission that it needs besides. */
  'organization.approve',
  'customers.read',
  'customers.manage',
  /** Look at the plain values of the groups that follow, one customer at a time and registered. */
  'customers.unmask',
  'customers.identity',
  'customers.contact',
  'customers.personal',
  /** See what a customer spends. */
  'customers.amounts',
  'customers.consent',
  'usage.read',
  'usage.push',
  /** How BOSS files were received. */
  'usage.intake',
  /** Sources, what is expected of them and when. */
  'usage.manage',
  /** Look at refused and waiting records, mend them and send them again. */
  'usage.replay',
  /** Compare both sides' figures (对账), own differences, sign days off, close months. */
  'usage.reconcile',
  /** A customer's bills, payments and arrears. */
  'billing.read',
  /** How a customer wants the bill; requests for itemised lists. */
  'billing.manage',
  /** What goes out to billing: tiers, points, churn. */
  'feed.read',
  'feed.manage',
  'tiering.read',
  'tiering.run',
  'tiering.author',
  'tiering.approve',
  /** Ask for levels by hand (特批), and end them. */
  'exceptions.ask',
  /** Decide about those that others asked for. */
  'exceptions.approve',
  /** Confirm or reject potential customers (潜在大客户). */
  'tiering.confirm',
  /** Cards, and who is a points member. */
  'membership.manage',
  /** Ask that a membership goes to somebody else. */
  'membership.transfer',
  /** Decide about the transfers that others asked for. */
  'membership.approve',
  'points.read',
  /** Message gateway and voice menu: answer whoever asks about his own points (积分查询). */
  'points.ask',
  'points.redeem',
  'points.run',
  'points.prove',
  /** Write earn rules, campaigns and the catalogue. */
  'points.author',
  /** Give points by hand and from campaigns. */
  'points.grant',
  /** Adjust points by hand, freeze accounts. */
  'points.adjust',
  /** Decide about rules, campaigns, gifts and adjustments of others. */
  'points.approve',
  /** The money side of the points: liability, return rate, cost, budgets, analysis. */
  'points.report',
  /** Set budgets of points and what is expected to expire, close months of the books. */
  'points.budget',
  /** Deduct points for BOSS, and compare both sides' lists. */
  'points.deduct',
  /** Payees, and transfers of points between customers. */
  'points.transfer',
  /** Have somebody look at a customer's transfers first. */
  'points.watch',
  /** Decide about transfers that are looked at. */
  'transfers.approve',
  /** Auction something for points, and see who has won. */
  'points.auction',
  /** Who may redeem the points of a group. */
  'points.group',
  'benefits.read',
  /** Write benefits off (权益核销). */
  'benefits.use',
  /** The catalogue, and how much a year of a level is worth. */
  'benefits.manage',
  'benefits.run',
  'merchants.read',
  /** Merchants, their terminals and discounts. */
  'merchants.manage',
  /** Terminals: take points and give them back (积分自由行). */
  'merchants.charge',
  'tickets.read',
  'tickets.create',
  'tickets.work',
  /** Propose within what time tickets are answered and solved. */
  'tickets.promise',
  'tickets.approve',
  'routing.contact',
  'routing.agent',
  'routing.manage',
  'routing.read',
  /** Standard actions (规定动作), tasks, and how many of them are done in time. */
  'care.read',
  /** End tasks. */
  'care.work',
  'care.manage',
  /** What customers are told of their level (通知). */
  'notices.read',
  /** Say that it was sent. */
  'notices.report',
  'analytics.read',
  'analytics.run',
  'operations.read',
  'operations.run',
  /** Ask for an export or an erasure. */
  'privacy.request',
  /** Decide about those of others. */
  'privacy.approve',
  /** Carry out retention. */
  'privacy.run',
  'privacy.read',
] as const;

/** What several roles permit together. `*` in a role means all, also those of a later release. */
export function permissionsOf(roles: readonly { readonly permissions: readonly string[] }[]): readonly string[] {
  const granted = new Set(roles.flatMap(({ permissions }) => permissions));
  return granted.has('*') ? ALL_PERMISSIONS : [...granted];
}
