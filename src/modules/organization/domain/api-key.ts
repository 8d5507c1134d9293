/** What a system behind an API key may send; empty lists mean no limit. */
export interface ApiKeyScope {
  /** BOSS source code that the key speaks for; `undefined` for systems that push no files. */
  readonly source: string | undefined;
  /** File kinds SUB, USG, BIL, PAY. */
  readonly kinds: readonly string[];
  readonly provinces: readonly string[];
}

export interface ApiKey extends ApiKeyScope {
  readonly apiKeyId: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | undefined;
}

/** A key right after it was made: the only moment in which it can be read. */
export interface IssuedApiKey extends ApiKey {
  readonly key: string;
}
