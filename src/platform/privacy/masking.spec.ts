import fc from 'fast-check';
import {
  maskAddress,
  maskDate,
  maskEmail,
  maskFreeText,
  maskIdNumber,
  maskMsisdn,
  maskName,
  maskPhoneNumber,
} from './masking.js';

describe('[AUD-03] masking (脱敏)', () => {
  it.each([
    ['张小明', '张*'],
    ['张三', '张*'],
    ['欧阳小明', '欧阳*'],
    ['司马光', '司马*'],
    // Two characters that are a compound surname are more often a surname and a given name.
    ['东方', '东*'],
    ['Li Ming', 'L*'],
    ['张', '*'],
    ['', ''],
    [' 王小红', '王*'],
    ['𠮷田一郎', '𠮷*'],
  ])('shows the name %s as %s', (name, shown) => expect(maskName(name)).toBe(shown));

  it('shows of numbers what tells them apart', () => {
    expect(maskMsisdn('+8613800138000')).toBe('+86138****8000');
    expect(maskPhoneNumber('13800138000')).toBe('138****8000');
    expect(maskPhoneNumber('020-8765 4321')).toBe('***-**** 4321');
    expect(maskIdNumber('11010519491231002X')).toBe('1****************X');
    expect(maskIdNumber('E12345678')).toBe('E*******8');
    expect(maskIdNumber('12')).toBe('**');
    expect(maskDate('1980-01-01')).toBe('19**-**-**');
    expect(maskEmail('zhang@example.com')).toBe('z***@example.com');
    expect(maskEmail('"a@b"@example.com')).toBe('"***@example.com');
    expect(maskEmail('no address')).toBe('***');
  });

  it.each([
    ['广东省广州市天河区体育西路1号', '广东省广州市天河区***'],
    ['北京市朝阳区望京街道2号', '北京市朝阳区***'],
    ['新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路', '新疆维吾尔自治区伊犁哈萨克自治州伊宁市***'],
    ['内蒙古自治区锡林郭勒盟东乌珠穆沁旗一号', '内蒙古自治区锡林郭勒盟东乌珠穆沁旗***'],
    ['广东省北京路百汇超市3楼', '广东省***'],
    ['阳光小区3栋', '***'],
    ['12 High Street', '***'],
    ['', '***'],
  ])('shows the address %s as %s', (address, shown) => expect(maskAddress(address)).toBe(shown));

  it.each([
    ['请回电13800138000，谢谢', '请回电138****8000，谢谢'],
    ['+86 138-0013-8000 or 13900139000', '+86 138-****-8000 or 139****9000'],
    ['13800138000 13900139000', '138****8000 139****9000'],
    ['１３８００１３８０００找我', '１３８****８０００找我'],
    ['证件11010519491231002x已核', '证件1****************x已核'],
    ['110105 19491231 002X', '1***** ******** ***X'],
    ['老证110105491231002', '老证1*************2'],
    ['card 4111 1111 1111 1111', 'card **** **** **** 1111'],
    ['写信到zhang.san+x@example.com.cn', '写信到z**********@example.com.cn'],
    ['工单202601310000123，费用12800分', '工单202601310000123，费用12800分'],
    ['order 1380013800012', 'order 1380013800012'],
    ['😀13800138000😀', '😀138****8000😀'],
  ])('hides in free text what it knows: %s', (text, shown) => expect(maskFreeText(text)).toBe(shown));

  it('keeps the length of free text, and leaves alone what is masked already', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'1380013800x６＠@. -张a'), maxLength: 60 }), (text) => {
        const masked = maskFreeText(text);
        expect(masked).toHaveLength(text.length);
        expect(maskFreeText(masked)).toBe(masked);
      }),
    );
  });

  it('takes no longer for text that is made to be slow', () => {
    for (const text of ['1'.repeat(50_000), 'a.'.repeat(25_000), '1 '.repeat(25_000), '@'.repeat(50_000)]) {
      const begun = process.cpuUsage();
      maskFreeText(text);
      expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000);
    }
  });
});
