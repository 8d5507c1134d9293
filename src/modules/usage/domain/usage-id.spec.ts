import { receivedUsageId, refusedUsageId, storedUsageId, usageKeyOf } from './usage-id.js';

const customerId = '0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a11';

describe('the id of a usage record', () => {
  it('is its key, and is read back', () => {
    const stored = { customerId, month: '2025-01-01', source: 'BOSS', recordId: 'U-1.a_b', version: 32_767 };
    const received = { source: 'BOSS', recordId: 'U-1', version: 2 };
    const refused = { intakeId: customerId, lineNo: 0 };
    expect(storedUsageId(stored)).toBe(`${customerId}~202501~BOSS~U-1.a_b~32767`);
    expect(usageKeyOf(storedUsageId(stored))).toEqual({ is: 'stored', ...stored });
    expect(usageKeyOf(receivedUsageId(received))).toEqual({ is: 'received', ...received });
    expect(usageKeyOf(refusedUsageId(refused))).toEqual({ is: 'refused', ...refused });
  });

  it.each(['', 'nobody', `${customerId}~202513~BOSS~U-1~1`, `${customerId}~202501~BOSS~U-1~40000`, 'received~boss~U-1~1', '~~~~'])(
    'of another shape, %j, is that of nothing',
    (id) => expect(usageKeyOf(id)).toBeUndefined(),
  ); // prettier-ignore
});
