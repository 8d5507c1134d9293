import { Refusal } from '../errors/index.js';

// All of kind `unauthenticated` or `forbidden`, so each of them is registered where refusals are answered.

export class KeyRevoked extends Refusal {
  static readonly code = 'access.key-revoked';
  static readonly kind = 'unauthenticated';
  /** `clientId`: whose key it was; the answer does not tell. */
  constructor(readonly clientId?: string) {
    super(KeyRevoked.code, KeyRevoked.kind, 'This key was revoked');
  }
}

export class KeyExpired extends Refusal {
  static readonly code = 'access.key-expired';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(KeyExpired.code, KeyExpired.kind, 'This key was rotated, and the time in which both were good is over');
  }
}

export class SignatureRequired extends Refusal {
  static readonly code = 'access.signature-required';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(
      SignatureRequired.code,
      SignatureRequired.kind,
      'This system signs its requests; the key alone does not suffice',
    );
  }
}

export class AddressNotAllowed extends Refusal {
  static readonly code = 'access.address-not-allowed';
  static readonly kind = 'forbidden';
  constructor() {
    super(AddressNotAllowed.code, AddressNotAllowed.kind, 'This system is not let in from this address');
  }
}

export class SignatureMalformed extends Refusal {
  static readonly code = 'access.signature-malformed';
  static readonly kind = 'unauthenticated';
  constructor(field: string, expected: string) {
    super(SignatureMalformed.code, SignatureMalformed.kind, `${field} must be sent once and be ${expected}`, {
      field,
      expected,
    });
  }
}

export class SignatureLate extends Refusal {
  static readonly code = 'access.signature-late';
  static readonly kind = 'unauthenticated';
  constructor(windowSeconds: number) {
    super(SignatureLate.code, SignatureLate.kind, `The signature is older than ${windowSeconds} seconds`, {
      field: 'X-Timestamp',
      windowSeconds,
    });
  }
}

export class SignatureEarly extends Refusal {
  static readonly code = 'access.signature-early';
  static readonly kind = 'unauthenticated';
  constructor(windowSeconds: number) {
    super(SignatureEarly.code, SignatureEarly.kind, `The signature is more than ${windowSeconds} seconds ahead of us`, {
      field: 'X-Timestamp',
      windowSeconds,
    });
  }
}

export class UnknownClient extends Refusal {
  static readonly code = 'access.unknown-client';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(UnknownClient.code, UnknownClient.kind, 'There is no such system', { field: 'X-Client-Id' });
  }
}

export class SignatureInvalid extends Refusal {
  static readonly code = 'access.signature-invalid';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(SignatureInvalid.code, SignatureInvalid.kind, 'The signature is not that of this request by this system', {
      field: 'X-Signature',
    });
  }
}

export class SignatureReplayed extends Refusal {
  static readonly code = 'access.signature-replayed';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(SignatureReplayed.code, SignatureReplayed.kind, 'This nonce was used already; sign each request anew', {
      field: 'X-Nonce',
    });
  }
}

export class ContentDiffers extends Refusal {
  static readonly code = 'access.content-differs';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(
      ContentDiffers.code,
      ContentDiffers.kind,
      'The body is not the one that was announced; nothing of it was kept',
      {
        field: 'X-Content-SHA256',
      },
    );
  }
}
