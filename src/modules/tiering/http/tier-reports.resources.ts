import { defineResource } from '../../../platform/http/index.js';

const at = (path: string): string => `/care-api/tiering/v1/${path}`;

export const levelShares = { type: 'LevelShares', path: at('levelShare') } as const;
export const levelMovements = { type: 'LevelMovement', path: at('levelMovement') } as const;
export const levelCrossTables = { type: 'LevelCrossTable', path: at('levelCrossTable') } as const;
export const valueStages = { type: 'ValueStages', path: at('valueStage') } as const;
export const concentrations = { type: 'Concentration', path: at('concentration') } as const;

export const customerGrades = defineResource({
  type: 'CustomerGrade',
  path: at('customerGrade'),
  attributes: {
    id: { type: 'id', column: 't.customer_id', filter: true },
    program: { type: 'text', column: 't.program', filter: true },
    level: { type: 'text', column: 't.tier', filter: true },
    region: { type: 'text', column: 'p.region', filter: true },
    validFrom: { type: 'date', column: 't.valid_from', filter: true, sort: true },
  },
  defaultSort: '-validFrom',
  rowsOf: { customerId: 't.customer_id' },
});
