import { isAddressOrNetwork } from '../../../platform/identity/addresses.js';
import type { ClientSecret } from './client-secret.js';
import { InvalidAddress } from './refusals.js';

/** What a system behind an API key may send; empty lists mean no limit. */
export interface ApiKeyScope {
  /** BOSS source code that the key speaks for; `undefined` for systems that push no files. */
  readonly source: string | undefined;
  /** File kinds SUB, USG, BIL, PAY. */
  readonly kinds: readonly string[];
  readonly provinces: readonly string[];
}

/** How a system must come. */
export interface ClientTerms {
  /** The key alone is refused: every request is signed with it. */
  readonly mustSign: boolean;
  /** Addresses and networks that it comes from; none: from anywhere. */
  readonly addresses: readonly string[];
  /** `undefined`: as many as everybody. */
  readonly requestsPerMinute: number | undefined;
}

/** Another system (BOSS, PBX, POS, a partner) and its keys; `apiKeyId` is the client id under which it signs. */
export interface ApiKey extends ApiKeyScope, ClientTerms {
  readonly apiKeyId: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | undefined;
  /** Youngest first. */
  readonly secrets: readonly ClientSecret[];
}

/** A system right after a key was made for it: the only moment in which the key can be read. */
export interface IssuedApiKey extends ApiKey {
  readonly key: string;
}

/** @throws InvalidAddress */
export function assertAddresses(addresses: readonly string[]): void {
  if (!addresses.every(isAddressOrNetwork)) throw new InvalidAddress();
}
