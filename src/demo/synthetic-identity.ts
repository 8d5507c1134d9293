import { daysAfter } from './calendar.js';
import type { Random } from './random.js';

// Ranges of China Mobile by the ministry's table of 31 March 2023, without the IoT ones (147, 148) and resale.
const CMCC_PREFIXES = '134 135 136 137 138 139 150 151 152 157 158 159 178 182 183 184 187 188 195 198'.split(' ');
// 134 belongs to China Mobile for 1340–1348 only, so every prefix is used up to …8 in the fourth digit.
const NUMBERS_PER_PREFIX = 90_000_000;
const NUMBER_SPACE = NUMBERS_PER_PREFIX * CMCC_PREFIXES.length;
// Coprime to the space (2^9·3^2·5^8…): walking by it visits every number once, far apart.
const NUMBER_STRIDE = 617_000_011;

/** The `index`-th number of this seed: national 11 digits; different indexes never meet. */
export function syntheticMsisdn(seed: number, index: number): string {
  const place = ((seed % 1000) * 1_000_003 + index * NUMBER_STRIDE) % NUMBER_SPACE;
  const prefix = CMCC_PREFIXES[Math.floor(place / NUMBERS_PER_PREFIX)] ?? '139';
  return prefix + String(place % NUMBERS_PER_PREFIX).padStart(8, '0');
}

const CHECK_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** Check character of GB 11643-1999 for the first 17 digits. */
export function idNumberCheckCharacter(seventeenDigits: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (seventeenDigits.charCodeAt(i) - 48) * (CHECK_WEIGHTS[i] ?? 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

const OLDEST_BIRTH = '1946-01-01';
const BIRTH_DAYS = 22_280; // up to 2006-12-31
const SERIALS = 999;
const ID_SPACE = BIRTH_DAYS * SERIALS;
const ID_STRIDE = 8_675_309; // coprime to the space

const BIRTH_DATES: readonly string[] = Array.from({ length: BIRTH_DAYS }, (_, day) => daysAfter(OLDEST_BIRTH, day));

/**
 * Resident identity number with a right check digit on a county code that was never assigned (`pp00 99`), so that it
 * is nobody's. Different indexes below 22 million never meet.
 */
export function syntheticIdNumber(
  seed: number,
  index: number,
  province: string,
): { readonly idNumber: string; readonly birthDate: string } {
  const place = ((seed % 1000) * 7_919 + index * ID_STRIDE) % ID_SPACE;
  const birthDate = BIRTH_DATES[place % BIRTH_DAYS] ?? OLDEST_BIRTH;
  const serial = String(Math.floor(place / BIRTH_DAYS) + 1).padStart(3, '0');
  const body = `${province.slice(0, 2)}0099${birthDate.replaceAll('-', '')}${serial}`;
  return { idNumber: body + idNumberCheckCharacter(body), birthDate };
}

const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈';
const COMPOUND_SURNAMES = ['欧阳', '司马', '上官', '诸葛'] as const;
const GIVEN =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海波宇晨欣怡子轩浩然梓涵一诺思远雨婷嘉豪俊雪春秋云山';

export function syntheticName(random: Random): string {
  const surname = random.chance(0.01)
    ? random.pick(COMPOUND_SURNAMES)
    : SURNAMES.charAt(random.integer(0, SURNAMES.length - 1));
  const first = GIVEN.charAt(random.integer(0, GIVEN.length - 1));
  const second = random.chance(0.75) ? GIVEN.charAt(random.integer(0, GIVEN.length - 1)) : '';
  return surname + first + second;
}
