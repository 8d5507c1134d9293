import { Injectable } from '@nestjs/common';
import { asSystem, Database } from '../../../platform/database/index.js';
import { PermissionMissing, ResourceNotFound } from '../../../platform/http/index.js';
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { nationalMsisdn, PersonalData } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import type { Kind } from '../domain/codes.js';
import { recordOfLine } from '../domain/record-line.js';
import { LineForgotten } from '../domain/refusals.js';
import { chosen, chosenBy, type RejectsSeen } from '../persistence/reject-rows.js';
import { sealedLineContext } from '../persistence/sealed-line.js';

export interface DisclosedLine {
  readonly line: string;
  /** Its values by the names of the contract, as far as they can be told apart. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whose it is, when it can be told. */
  readonly customerId: string | undefined;
  readonly groups: readonly string[];
}

/** What a line of a kind shows of a customer. */
const groupsOf = (kind: Kind): readonly string[] => (kind === 'SUB' ? ['identity', 'contact'] : ['contact', 'amounts']);

/** Shows a refused line as it came (查看错单原文): to whoever may see all that such a line may hold. */
@Injectable()
export class DiscloseReject {
  constructor(
    private readonly database: Database,
    private readonly personalData: PersonalData,
    private readonly customers: CustomersFacade,
  ) {}

  /** @throws ResourceNotFound, PermissionMissing, LineForgotten */
  async execute(rejectId: string, { actor, seen }: { actor: Actor; seen: RejectsSeen }): Promise<DisclosedLine> {
    const [row] = await this.database.query<{
      kind: Kind;
      source: string;
      intake_id: string;
      line_no: number;
      sealed: Buffer;
    }>(
      `SELECT r.kind, r.source, r.intake_id, r.line_no, r.sealed FROM usage.reject r WHERE ${chosen(1)}`,
      chosenBy({ ids: [rejectId] }, seen),
    );
    if (!row) throw new ResourceNotFound('reject');
    const groups = groupsOf(row.kind);
    for (const group of groups) {
      if (!isAllowed(actor, `customers.${group}`)) throw new PermissionMissing(`customers.${group}`);
    }
    if (row.sealed.length === 0) throw new LineForgotten();
    const line = this.personalData.open(row.sealed, sealedLineContext(row.intake_id, row.line_no));
    const fields = recordOfLine(row.kind, line);
    const customerId = await this.ownerOf(row.source, fields);
    return { line, fields, customerId, groups };
  }

  /** Whose it is, if anybody's. @throws ResourceNotFound when it is somebody whom the actor does not see. */
  private async ownerOf(source: string, fields: DisclosedLine['fields']): Promise<string | undefined> {
    const valueOf = (name: string): string => String(fields[name] ?? '');
    const owner = await asSystem(async () => {
      const accountNo = valueOf('accountNo');
      const [byAccount] = accountNo === '' ? [] : await this.customers.resolveAccounts([{ source, accountNo }]);
      const national = nationalMsisdn(valueOf('msisdn'));
      return byAccount ?? (national && (await this.customers.findByMsisdn(national))?.customerId) ?? undefined;
    });
    if (owner !== undefined && !(await this.customers.exists(owner))) throw new ResourceNotFound('reject');
    return owner || undefined;
  }
}
