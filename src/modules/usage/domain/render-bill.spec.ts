import fc from 'fast-check';
import { renderBillAsHtml, renderBillAsText, yuanText, type BillToRender } from './render-bill.js';

const aBill = (given: Partial<BillToRender> = {}): BillToRender => ({
  billNo: 'B202601-7',
  account: '****0007',
  cycle: '2026-01-01',
  dueOn: '2026-02-20',
  payableFen: 12_890,
  remainingFen: 2_890,
  categories: {
    monthly_fee_fen: 12_800, voice_fen: 350, sms_fen: 0, data_fen: 1_200, roaming_fen: 0, vas_fen: 500,
    collected_for_others_fen: 600, discount_fen: -2_560, gift_fen: 0, adjustment_fen: 0,
  },
  used: { minutes: 61, messages: 3, dataKb: 2_097_152 },
  ...given,
}); // prettier-ignore

describe('[USG-07] the bill as its customer wants it', () => {
  it('names what is charged in Chinese', () => {
    expect(renderBillAsText(aBill(), 'BY_CATEGORY', 'zh')).toBe(`中国移动电信业务帐单
账单号：B202601-7
账户：****0007
账期：2026-01
本期应缴：¥128.90
待缴金额：¥28.90
缴费截止日：2026-02-20

费用明细
月基本费：¥128.00
语音通话费：¥3.50
上网流量费：¥12.00
增值业务费：¥5.00
代收费：¥6.00
优惠减免：¥-25.60
`);
  });

  it('names it in English, with every category and what was used, when all details are wanted', () => {
    const text = renderBillAsText(aBill({ remainingFen: 0 }), 'DETAILED', 'en');
    expect(text).toContain('Your bill\nBill number: B202601-7\n');
    expect(text).toContain('Still to pay: Paid\n');
    expect(text).toContain(
      '\nCharges\nMonthly fee: ¥128.00\nCalls: ¥3.50\nMessages: ¥0.00\nData: ¥12.00\nRoaming: ¥0.00\n',
    );
    expect(text).toContain('\nWhat you used\nCalls (minutes): 61\nMessages: 3\nData (MB): 2048\n');
  });

  it('says in a summary no more than the sum', () => {
    const text = renderBillAsText(aBill(), 'SUMMARY', 'zh');
    expect(text).toContain('本期应缴：¥128.90');
    expect(text).not.toContain('月基本费');
  });

  it('lets nothing of a bill become part of the page', () => {
    const html = renderBillAsHtml(aBill({ billNo: `<script>alert("1")</script>&'` }), 'DETAILED', 'zh');
    expect(html).toContain('<td>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</td>');
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('<th scope="row">月基本费</th><td>¥128.00</td>');
    fc.assert(
      fc.property(fc.string(), fc.string(), (billNo, account) => {
        const page = renderBillAsHtml(aBill({ billNo, account }), 'SUMMARY', 'en');
        const plain = renderBillAsHtml(aBill({ billNo: '', account: '' }), 'SUMMARY', 'en');
        expect(page.match(/</g)?.length).toBe(plain.match(/</g)?.length);
      }),
    );
  });

  it.each([
    [0, '¥0.00'],
    [5, '¥0.05'],
    [-105, '¥-1.05'],
    [123_456_789_012_345, '¥1234567890123.45'],
  ])('%i fen are %s', (fen, text) => {
    expect(yuanText(fen)).toBe(text);
  });
});
