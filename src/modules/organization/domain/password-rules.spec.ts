import { requireGoodPassword } from './password-rules.js';
import { PasswordRefused } from './refusals.js';

describe('[AUD-05] a new password', () => {
  const account = { login: 'li.ming', displayName: 'Li Ming' };
  const refusalOf = (password: string, who = account): unknown => {
    try {
      requireGoodPassword(password, who);
      return undefined;
    } catch (error) {
      if (!(error instanceof PasswordRefused)) throw error;
      return error.facts['actual'];
    }
  };

  it.each([
    'correct horse battery',
    'a long phrase of mine',
    'a long phrase that nobody guesses',
    'another good one',
    '春眠不觉晓处处闻啼鸟夜来风雨声',
    'VqL3-x9sU_pR7wZt2mKd',
    '🦆🐟🌲🚲🎻🧀🪁🧲🧵🪵🦉🥝',
    'hotline in the rain, twice',
  ])('may be %s', (password) => expect(refusalOf(password)).toBeUndefined());

  it.each([
    ['elevenchars', 'short'],
    ['🦆🐟🌲🚲🎻🧀', 'short'],
    ['', 'short'],
    ['password1234', 'common'],
    ['P@ssw0rd-2026!', 'common'],
    ['Passw0rd!Passw0rd!', 'common'],
    ['administrator', 'common'],
    ['Admin123456!', 'common'],
    ['qwertyuiop[]', 'common'],
    ['1qaz2wsx3edc', 'common'],
    ['123456789012', 'common'],
    ['987654321098', 'common'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    ['abababababababab', 'common'],
    ['xyzxyzxyzxyzxyz', 'common'],
    ['woaini1314520', 'common'],
    ['Guibin-10086-2026', 'common'],
    ['ｐａｓｓｗｏｒｄ１２３４', 'common'],
    ['全球通全球通全球通贵宾贵宾', 'common'],
    ['            ', 'common'],
    ['this is li.ming here', 'personal'],
    ['LIMING and his cat', 'personal'],
    ['li ming has a boat', 'personal'],
  ])('must not be %s: it is %s', (password, why) => expect(refusalOf(password)).toBe(why));

  it('must not hold a Chinese name, however short; two Latin letters are no name', () => {
    expect(refusalOf('张伟的猫在花园里睡觉晒太阳', { login: 'zw', displayName: '张伟' })).toBe('personal');
    expect(refusalOf('a zwieback in the morning', { login: 'zw', displayName: '张伟' })).toBeUndefined();
  });

  it('is refused by the name of its field, with what would be right, and without itself', () => {
    expect.assertions(2);
    try {
      requireGoodPassword('password1234', account, 'newPassword');
    } catch (error) {
      expect(error).toMatchObject({
        code: 'organization.password-refused',
        kind: 'rejected',
        facts: { field: 'newPassword', expected: expect.stringContaining('more than common words') },
      });
      expect(JSON.stringify(error) + String(error)).not.toContain('password1234');
    }
  });

  it('is judged at once, whatever is sent', () => {
    const from = process.cpuUsage();
    for (const text of ['a'.repeat(256), 'ab'.repeat(128), 'abcd'.repeat(63) + 'x', '\u0301'.repeat(256)])
      refusalOf(text);
    expect(process.cpuUsage(from).user / 1000).toBeLessThan(1000);
  });
});
