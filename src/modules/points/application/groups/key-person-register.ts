import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { asSystem, Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { FOREVER, type KeyRole } from '../../domain/groups/key-person.js';
import { KeyPersonDaysInvalid, NotAGroupAccount, PersonNotPossible } from '../../domain/groups/refusals-of-groups.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import {
  endKeyPerson,
  insertKeyPerson,
  keyPersonsOf,
  type RegisteredPerson,
} from '../../persistence/groups/key-persons.js';

export interface RegisterKeyPerson {
  readonly groupId: string;
  readonly personId: string;
  readonly role: KeyRole;
  readonly limitPoints: number;
  readonly activeFrom?: string | undefined;
  readonly activeUntil?: string | undefined;
}

/** Who may redeem the points of a group customer (集团客户关键人物, GRP-19). */
@Injectable()
export class KeyPersonRegister {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound */
  async list(groupId: string): Promise<readonly RegisteredPerson[]> {
    if (!(await this.customers.exists(groupId))) throw new CustomerNotFound();
    return keyPersonsOf(this.database, groupId);
  }

  /**
   * Registered again, what is said now takes the place of what was said before.
   * @throws CustomerNotFound, NotAGroupAccount, PersonNotPossible, KeyPersonDaysInvalid, InvalidPointsAmount
   */
  register({ groupId, role, limitPoints, ...asked }: RegisterKeyPerson, actorId: string): Promise<RegisteredPerson> {
    assertPointsAmount(limitPoints);
    const at = this.clock.now();
    const personId = asked.personId.toLowerCase();
    const { activeFrom = businessDate(at), activeUntil = FOREVER } = asked;
    if (activeUntil < activeFrom) throw new KeyPersonDaysInvalid();
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        await this.customers.lockCustomer(tx, groupId);
        await this.requirePossible(tx, groupId, personId);
        const before = (await keyPersonsOf(tx, groupId)).find((each) => each.personId === personId);
        if (before) await endKeyPerson(tx, before, at);
        const person: RegisteredPerson = {
          ...{ customerId: groupId, registrationId: newId(), personId, role, limitPoints, activeFrom, activeUntil },
        };
        await insertKeyPerson(tx, person, { by: actorId, at });
        tx.audit({
          action: 'points.register-key-person',
          objectType: 'PointsKeyPerson',
          objectId: person.registrationId,
          customerId: groupId,
          ...(before && { before: shownToAudit(before) }),
          after: shownToAudit(person),
        });
        return person;
      }),
    );
  }

  /** Who is not registered, is not afterwards. @throws CustomerNotFound */
  end(groupId: string, personId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, groupId);
      const person = (await keyPersonsOf(tx, groupId)).find((each) => each.personId === personId);
      if (!person) return;
      await endKeyPerson(tx, person, this.clock.now());
      tx.audit({
        action: 'points.end-key-person',
        objectType: 'PointsKeyPerson',
        objectId: person.registrationId,
        customerId: groupId,
        before: shownToAudit(person),
      });
    });
  }

  private async requirePossible(tx: Tx, groupId: string, personId: string): Promise<void> {
    if ((await this.customers.profileOf(groupId, tx)).kind !== 'group') throw new NotAGroupAccount();
    if (!isId(personId) || !(await this.customers.exists(personId, tx))) throw new PersonNotPossible();
    const { kind, archive } = await this.customers.profileOf(personId, tx);
    if (kind !== 'individual' || archive !== 'in-network') throw new PersonNotPossible();
  }
}

const shownToAudit = ({ personId, role, limitPoints, activeFrom, activeUntil }: RegisteredPerson): object => ({
  ...{ personId, role, limitPoints, activeFrom, activeUntil },
});
