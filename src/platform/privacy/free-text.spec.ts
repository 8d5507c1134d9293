import { withoutPersonalData } from './free-text.js';

describe('a text that people wrote', () => {
  it.each([
    ['call 13800138000 back', 'call *** back'],
    ['客户13800138000来电', '客户***来电'],
    ['+86 138 0013 8000', '***'],
    ['138-0013-8000', '***'],
    ['１３８００１３８０００', '***'],
    ['身份证44010119800101123X。', '身份证***。'],
    ['卡 6222 0200 1234 5678 901', '卡 ***'],
    ['护照E12345678', '护照***'],
    ['wrote from zhang.san+x@example.com.cn today', 'wrote from *** today'],
  ])('loses what a customer is known by: %s', (text, kept) => {
    expect(withoutPersonalData(text)).toBe(kept);
  });

  it.each(['since 2026-02-01 10:00，好', '投诉工单 12 次, 120.50 元', 'order GT128, 3 months', ''])(
    'keeps the rest: %p',
    (text) => {
      expect(withoutPersonalData(text)).toBe(text);
    },
  );
});
