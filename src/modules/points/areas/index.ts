import type { Provider, Type } from '@nestjs/common';
import { auctions } from './auctions.js';
import { campaigns } from './campaigns.js';
import { earning } from './earning.js';
import { exchange } from './exchange.js';
import { expiry } from './expiry.js';
import { groups } from './groups.js';
import { holds } from './holds.js';
import { ledger } from './ledger.js';
import { loyalty } from './loyalty.js';
import { manual } from './manual.js';
import { money } from './money.js';
import { proof } from './proof.js';
import { queries } from './queries.js';
import { transfers } from './transfers.js';

interface Area {
  readonly controllers?: Type[];
  readonly providers?: Provider[];
  readonly workers?: Provider[];
}

/** What belongs together, in each of the rooms of the module: everything stands on `ledger`. */
const AREAS: readonly Area[] = [
  ledger,
  earning,
  campaigns,
  manual,
  expiry,
  holds,
  exchange,
  transfers,
  auctions,
  groups,
  money,
  proof,
  queries,
  loyalty,
];

export const controllers = AREAS.flatMap((area) => area.controllers ?? []);
export const providers = AREAS.flatMap((area) => area.providers ?? []);
/** Of the processes that work in the background alone. */
export const workers = AREAS.flatMap((area) => area.workers ?? []);
