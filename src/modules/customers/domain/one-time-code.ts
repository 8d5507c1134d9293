/** What a one-time code (动态验证码) is good for; a code for one is worthless for another. */
export const CODE_PURPOSES = ['SIGN_IN', 'REDEEM', 'VERIFY_CALLER'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** What whoever holds a number may ask for without being signed in; the hotline asks for the rest. */
export const SELF_SERVICE_PURPOSES = ['SIGN_IN', 'REDEEM'] as const satisfies readonly CodePurpose[];

export const CODE_VALID_SECONDS = 300;
/** The last wrong answer ends the code: of a million codes five can be tried. */
export const TRIES_PER_CODE = 5;
export const ONE_TIME_CODE = /^\d{6}$/;

const MINUTE_MS = 60_000;
/** So that nobody is flooded with messages, nor guesses for long: fifty tries a day at most. */
const ALLOWANCES = [
  { codes: 1, withinMs: MINUTE_MS },
  { codes: 5, withinMs: 60 * MINUTE_MS },
  { codes: 10, withinMs: 24 * 60 * MINUTE_MS },
] as const;
export const LONGEST_ALLOWANCE_MS = 24 * 60 * MINUTE_MS;

/** `482913`, of a number drawn from 0 … 999,999. */
export const codeOf = (drawn: number): string => String(drawn).padStart(6, '0');

/**
 * Seconds until the next code may be sent to a number, 0 when it may be now.
 * @param earlier when codes were sent to it before, in any order. Clocks of several servers differ: one may be later than `now`.
 */
export function secondsUntilNextCode(earlier: readonly Date[], now: Date): number {
  const newestFirst = earlier.map((at) => at.getTime()).sort((a, b) => b - a);
  const free = ALLOWANCES.map(({ codes, withinMs }) => {
    const nth = newestFirst[codes - 1];
    return nth === undefined ? 0 : nth + withinMs - now.getTime();
  });
  return Math.max(0, Math.ceil(Math.max(...free) / 1000));
}

const USES: Readonly<Record<CodePurpose, { readonly chinese: string; readonly english: string }>> = {
  SIGN_IN: { chinese: '登录网上营业厅', english: 'sign in to the online hall' },
  REDEEM: { chinese: '确认积分兑换等重要业务', english: 'confirm a redemption or another sensitive request' },
  VERIFY_CALLER: { chinese: '向您正在通话的客服确认身份', english: 'show the agent you have called that it is you' },
};

/**
 * The message that carries a code. A code for the hotline has to be told to the agent; the fraud to warn of is the call that
 * the customer did not make.
 */
export function codeMessage(purpose: CodePurpose, code: string): string {
  const { chinese, english } = USES[purpose];
  const minutes = CODE_VALID_SECONDS / 60;
  const [secretly, secret] =
    purpose === 'VERIFY_CALLER'
      ? ['凡是来电向您索要验证码的都是诈骗', 'Never tell it to anybody who calls you']
      : ['请勿告诉任何人，包括客服人员', 'Never tell it to anybody, not even to our staff'];
  return (
    `【贵宾】验证码${code}，用于${chinese}，${minutes}分钟内有效。${secretly}。` +
    `Code ${code} to ${english}, valid for ${minutes} minutes. ${secret}.`
  );
}
