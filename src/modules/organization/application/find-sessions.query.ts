import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';

export interface OwnSession {
  readonly sessionId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly clientAddress: string;
  readonly secondFactor: boolean;
}

@Injectable()
export class FindSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Where somebody is signed in now, the last one first. */
  liveOf(staffId: string): Promise<OwnSession[]> {
    return this.database.query<OwnSession>(
      `SELECT e.session_id AS "sessionId", e.created_at AS "createdAt", e.last_used_at AS "lastUsedAt",
         e.expires_at AS "expiresAt", e.client_address AS "clientAddress", e.second_factor AS "secondFactor"
       FROM organization.session e JOIN organization.staff s USING (staff_id, token_version)
       WHERE e.staff_id = $1 AND e.ended_at IS NULL AND e.expires_at > $2
         AND EXISTS (SELECT FROM organization.refresh_token t
                     WHERE t.session_id = e.session_id AND t.used_at IS NULL AND t.expires_at > $2)
       ORDER BY e.created_at DESC, e.session_id DESC`,
      [staffId, this.clock.now()],
    );
  }
}
