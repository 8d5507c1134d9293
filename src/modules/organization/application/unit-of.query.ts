import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ResolvesUnit, type UnitResolver } from '../../../platform/http/index.js';

@ResolvesUnit('unit')
@Injectable()
export class PathOfUnit implements UnitResolver {
  constructor(private readonly database: Database) {}

  async unitPathOf(unitId: string): Promise<string | undefined> {
    if (!isId(unitId)) return undefined;
    const [row] = await this.database.query<{ path: string }>('SELECT path FROM organization.unit WHERE unit_id = $1', [
      unitId,
    ]);
    return row?.path;
  }
}

@ResolvesUnit('staff')
@Injectable()
export class UnitOfStaff implements UnitResolver {
  constructor(private readonly database: Database) {}

  async unitPathOf(staffId: string): Promise<string | undefined> {
    if (!isId(staffId)) return undefined;
    const [row] = await this.database.query<{ path: string }>(
      'SELECT u.path FROM organization.staff s JOIN organization.unit u USING (unit_id) WHERE s.staff_id = $1',
      [staffId],
    );
    return row?.path;
  }
}
