import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import { hashPassword } from '../../../platform/identity/index.js';
import { ROOT_UNIT_ID } from '../domain/unit.js';
import { StaffEntity } from '../persistence/staff.entity.js';

export interface FirstAdministrator {
  readonly login: string;
  /** Shown once; only its hash is stored. */
  readonly password: string;
}

const LOGIN = 'admin';

@Injectable()
export class CreateFirstAdministrator {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  execute(): Promise<FirstAdministrator | undefined> {
    return this.transaction.run(async (tx) => {
      // The root unit exists from the start, so its row makes processes that start together take turns.
      await tx.query('SELECT 1 FROM organization.unit WHERE unit_id = $1 FOR UPDATE', [ROOT_UNIT_ID]);
      if (await tx.manager.exists(StaffEntity)) return undefined;
      const password = randomBytes(15).toString('base64url');
      await tx.manager.insert(StaffEntity, {
        staffId: newId(),
        login: LOGIN,
        displayName: 'First administrator',
        passwordHash: await hashPassword(password),
        unitId: ROOT_UNIT_ID,
        roles: ['administrator'],
        status: 'active',
        tokenVersion: 1,
        failedAttempts: 0,
        lockedUntil: null,
        createdAt: this.clock.now(),
        version: 1,
      });
      return { login: LOGIN, password };
    });
  }
}
