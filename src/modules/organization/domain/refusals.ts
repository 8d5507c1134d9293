import { Refusal } from '../../../platform/errors/index.js';

export class UnitNotFound extends Refusal {
  static readonly code = 'organization.unit-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(UnitNotFound.code, UnitNotFound.kind, 'There is no such unit');
  }
}

export class StaffNotFound extends Refusal {
  static readonly code = 'organization.staff-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(StaffNotFound.code, StaffNotFound.kind, 'There is no such member of the staff');
  }
}

export class ApiKeyNotFound extends Refusal {
  static readonly code = 'organization.api-key-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ApiKeyNotFound.code, ApiKeyNotFound.kind, 'There is no such API key');
  }
}

export class NotBelow extends Refusal {
  static readonly code = 'organization.not-below';
  static readonly kind = 'rejected';
  constructor(kind: string, parentKind: string) {
    super(NotBelow.code, NotBelow.kind, `A ${kind} cannot be below a ${parentKind}`, {
      field: 'parentId',
      kind,
      parentKind,
    });
  }
}

export class CodeTaken extends Refusal {
  static readonly code = 'organization.code-taken';
  static readonly kind = 'conflict';
  constructor(kind: string) {
    super(CodeTaken.code, CodeTaken.kind, `There is already a ${kind} with this code`, { field: 'code', kind });
  }
}

export class LoginTaken extends Refusal {
  static readonly code = 'organization.login-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(LoginTaken.code, LoginTaken.kind, 'There is already a member of the staff with this login', {
      field: 'login',
    });
  }
}

export class ApiKeyNameTaken extends Refusal {
  static readonly code = 'organization.api-key-name-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(ApiKeyNameTaken.code, ApiKeyNameTaken.kind, 'There is already a live API key with this name', {
      field: 'name',
    });
  }
}

export class UnknownRole extends Refusal {
  static readonly code = 'organization.unknown-role';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownRole.code, UnknownRole.kind, 'There is no such role here', { field: 'role', expected });
  }
}

/** Without the last active administrator nobody could let anybody in again. */
export class LastAdministrator extends Refusal {
  static readonly code = 'organization.last-administrator';
  static readonly kind = 'conflict';
  constructor() {
    super(LastAdministrator.code, LastAdministrator.kind, 'This is the last active administrator');
  }
}

export class StaleVersion extends Refusal {
  static readonly code = 'organization.stale-version';
  static readonly kind = 'conflict';
  constructor(expected: number, actual: number) {
    super(StaleVersion.code, StaleVersion.kind, 'Somebody changed it meanwhile; read it again', { expected, actual });
  }
}

export class LoginMissing extends Refusal {
  static readonly code = 'organization.login-missing';
  static readonly kind = 'malformed';
  constructor() {
    super(LoginMissing.code, LoginMissing.kind, 'login is needed', { field: 'login', expected: 'a text' });
  }
}

export class PasswordRefused extends Refusal {
  static readonly code = 'organization.password-refused';
  static readonly kind = 'rejected';
  constructor(field: string, actual: 'short' | 'personal' | 'common' | 'the old one', expected: string) {
    super(PasswordRefused.code, PasswordRefused.kind, `The password must be ${expected}`, { field, actual, expected });
  }
}

/** What cannot be registered is not shown. */
export class RegisterBusy extends Refusal {
  static readonly code = 'organization.register-busy';
  static readonly kind = 'unavailable';
  constructor() {
    super(RegisterBusy.code, RegisterBusy.kind, 'The access register cannot take this look now; try again', {
      retryAfterSeconds: 1,
    });
  }
}

/** Whoever looks after a part of the organization gives nobody more than they hold themselves. */
export class RoleBeyondYours extends Refusal {
  static readonly code = 'organization.role-beyond-yours';
  static readonly kind = 'forbidden';
  constructor(permissions: readonly string[]) {
    super(RoleBeyondYours.code, RoleBeyondYours.kind, 'The roles permit what you are not permitted yourself', {
      field: 'roles',
      permissions: [...permissions],
    });
  }
}

/** At a place where the session is good, but the password is asked for again. */
export class WrongPassword extends Refusal {
  static readonly code = 'access.wrong-password';
  static readonly kind = 'forbidden';
  constructor(field: string) {
    const message = 'The password is not that of this account, or the account is locked for a while';
    super(WrongPassword.code, WrongPassword.kind, message, { field });
  }
}

export class RefreshTokenReused extends Refusal {
  static readonly code = 'access.refresh-token-reused';
  static readonly kind = 'unauthenticated';
  constructor() {
    const message =
      'This refresh token was used before, so somebody else may have it: the session has ended; sign in again';
    super(RefreshTokenReused.code, RefreshTokenReused.kind, message);
  }
}

export class OneTimeCodeNeeded extends Refusal {
  static readonly code = 'access.one-time-code-needed';
  static readonly kind = 'unauthenticated';
  constructor(actual: 'missing' | 'wrong') {
    const message =
      actual === 'missing'
        ? 'Send the code of the authenticator, or a recovery code, as oneTimeCode beside the password'
        : 'The code is wrong or was used before; wait for the next one';
    super(OneTimeCodeNeeded.code, OneTimeCodeNeeded.kind, message, { field: 'oneTimeCode', actual });
  }
}

export class OneTimeCodeRefused extends Refusal {
  static readonly code = 'organization.one-time-code-refused';
  static readonly kind = 'rejected';
  constructor() {
    super(OneTimeCodeRefused.code, OneTimeCodeRefused.kind, 'This is not the code that the authenticator shows now', {
      field: 'code',
      expected: 'six digits of the authenticator that knows the new secret',
    });
  }
}

export class SecondFactorExists extends Refusal {
  static readonly code = 'organization.second-factor-exists';
  static readonly kind = 'conflict';
  constructor() {
    const message = 'There is an authenticator already; another administrator can remove it';
    super(SecondFactorExists.code, SecondFactorExists.kind, message);
  }
}

export class NoSecondFactor extends Refusal {
  static readonly code = 'organization.no-second-factor';
  static readonly kind = 'conflict';
  constructor() {
    super(NoSecondFactor.code, NoSecondFactor.kind, 'There is no authenticator that this could be about');
  }
}

export class OwnSecondFactor extends Refusal {
  static readonly code = 'organization.own-second-factor';
  static readonly kind = 'forbidden';
  constructor() {
    super(OwnSecondFactor.code, OwnSecondFactor.kind, 'Another administrator must remove it');
  }
}

export class ApiKeyRevoked extends Refusal {
  static readonly code = 'organization.api-key-revoked';
  static readonly kind = 'conflict';
  constructor() {
    super(ApiKeyRevoked.code, ApiKeyRevoked.kind, 'This API key was revoked; make another one');
  }
}

export class RotationUnderWay extends Refusal {
  static readonly code = 'organization.rotation-under-way';
  static readonly kind = 'conflict';
  constructor(until: Date | undefined) {
    super(RotationUnderWay.code, RotationUnderWay.kind, 'Two keys are good already; wait, or rotate without overlap', {
      field: 'overlapHours',
      until: until?.toISOString(),
    });
  }
}

export class InvalidAddress extends Refusal {
  static readonly code = 'organization.invalid-address';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidAddress.code, InvalidAddress.kind, 'addresses must be IP addresses or networks', {
      field: 'addresses',
      expected: 'an address or network like 192.0.2.7, 10.1.0.0/16 or 2001:db8::/32',
    });
  }
}

export class SignsInElsewhere extends Refusal {
  static readonly code = 'organization.signs-in-elsewhere';
  static readonly kind = 'conflict';
  constructor() {
    const message = 'This person signs in at the OpenID Connect issuer and has no password here';
    super(SignsInElsewhere.code, SignsInElsewhere.kind, message, { field: 'password' });
  }
}

export class NoKnownRole extends Refusal {
  static readonly code = 'access.no-known-role';
  static readonly kind = 'forbidden';
  constructor() {
    super(NoKnownRole.code, NoKnownRole.kind, 'The issuer names no role that people hold here');
  }
}

export class UnknownUnit extends Refusal {
  static readonly code = 'access.unknown-unit';
  static readonly kind = 'forbidden';
  constructor() {
    super(UnknownUnit.code, UnknownUnit.kind, 'The issuer names no unit by a code that one unit has here');
  }
}
