import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { CannotBeMember, JoinedInTheFuture, NotAGroup } from '../domain/refusals-of-groups.js';
import { FindCustomers } from './find-customers.query.js';

export interface GroupMember {
  readonly memberId: string;
  readonly joinedOn: string;
  /** null: is one still. */
  readonly leftOn: string | null;
}

const MEMBER = `m.member_id AS "memberId", m.joined_on AS "joinedOn", NULLIF(m.left_on, '9999-12-31') AS "leftOn"`;

/** Who belongs to a group customer (集团成员). Memberships end; they are never deleted. */
@Injectable()
export class GroupMembers {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly find: FindCustomers,
    private readonly clock: Clock,
  ) {}

  list<View extends object>(
    groupId: string,
    list: ListRequest,
    view: (member: GroupMember) => View,
  ): Promise<Page<View>> {
    const source = {
      select: MEMBER,
      // Whoever does not see a customer does not see that he is a member.
      from: 'customers.group_member m JOIN customers.customer c ON c.customer_id = m.member_id',
      where: 'm.customer_id = $1',
      params: [groupId],
    };
    return readPage<GroupMember & Record<string, unknown>, View>(this.database, list, source, view);
  }

  /**
   * Who is a member already stays one since the day known.
   * @throws CustomerNotFound, NotAGroup, CannotBeMember, JoinedInTheFuture
   */
  add(
    groupId: string,
    { memberId, joinedOn }: { memberId: string; joinedOn?: string | undefined },
  ): Promise<GroupMember> {
    const now = this.clock.now();
    const today = businessDate(now);
    if (joinedOn !== undefined && joinedOn > today) throw new JoinedInTheFuture(today);
    return this.transaction.run(async (tx) => {
      const [group, member] = [await this.find.profile(groupId, tx), await this.find.profile(memberId, tx)];
      if (!group || !member) throw new CustomerNotFound();
      if (group.kind !== 'group') throw new NotAGroup();
      if (member.archive !== 'in-network' || memberId === groupId) throw new CannotBeMember();
      const membershipId = newId();
      const added = await tx.execute(
        `INSERT INTO customers.group_member (customer_id, membership_id, member_id, joined_on, recorded_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [groupId, membershipId, memberId, joinedOn ?? today, now],
      );
      if (added > 0) {
        tx.audit({
          action: 'customers.add-group-member',
          objectType: 'GroupMember',
          objectId: membershipId,
          customerId: groupId,
          after: { memberId, joinedOn: joinedOn ?? today },
        });
      }
      const [known] = await tx.query<GroupMember>(
        `SELECT ${MEMBER} FROM customers.group_member m
         WHERE m.customer_id = $1 AND m.member_id = $2 AND m.left_on = '9999-12-31'`,
        [groupId, memberId],
      );
      if (!known) throw new CustomerNotFound();
      return known;
    });
  }

  /** From today on. Who is no member, is none afterwards. */
  end(groupId: string, memberId: string): Promise<void> {
    const today = businessDate(this.clock.now());
    return this.transaction.run(async (tx) => {
      const [ended] = await tx.query<{ id: string; joinedOn: string }>(
        `UPDATE customers.group_member SET left_on = GREATEST(joined_on, $3)
         WHERE customer_id = $1 AND member_id = $2 AND left_on = '9999-12-31' RETURNING membership_id AS id, joined_on AS "joinedOn"`,
        [groupId, memberId, today],
      );
      if (!ended) return;
      tx.audit({
        action: 'customers.end-group-member',
        objectType: 'GroupMember',
        objectId: ended.id,
        customerId: groupId,
        before: { memberId, joinedOn: ended.joinedOn },
        after: { leftOn: today },
      });
    });
  }
}
