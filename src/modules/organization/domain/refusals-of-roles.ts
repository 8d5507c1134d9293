import { Refusal } from '../../../platform/errors/index.js';

export class UnknownPermission extends Refusal {
  static readonly code = 'organization.unknown-permission';
  static readonly kind = 'rejected';
  constructor(unknown: readonly string[], known: readonly string[]) {
    super(UnknownPermission.code, UnknownPermission.kind, 'There are permissions among these that no route asks for', {
      field: 'permissions',
      actual: [...unknown],
      expected: [...known],
    });
  }
}

export class DutiesTogether extends Refusal {
  static readonly code = 'organization.duties-together';
  static readonly kind = 'rejected';
  constructor(held: readonly string[]) {
    super(
      DutiesTogether.code,
      DutiesTogether.kind,
      'These belong to different people, so no role holds them together',
      {
        field: 'permissions',
        actual: [...held],
        expected: 'one of them',
      },
    );
  }
}

/** The roles that the product itself relies on: people sign in with them, systems and customers are known by them. */
export class RoleIsFixed extends Refusal {
  static readonly code = 'organization.role-is-fixed';
  static readonly kind = 'conflict';
  constructor(role: string) {
    super(RoleIsFixed.code, RoleIsFixed.kind, `The role ${role} is shipped and stays as it is; make another one`, {
      field: 'role',
    });
  }
}
