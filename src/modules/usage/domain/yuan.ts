/** TM Forum's Money is a decimal number of the currency; ours is whole fen. */
export const yuanOf = (fen: number): { readonly unit: string; readonly value: number } => ({
  unit: 'CNY',
  value: fen / 100, // of a whole number this prints exactly
});

const YUAN = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Whole fen; `undefined` for another currency and for what is no amount of whole fen. Read as text: no sum is ever a float. */
export function fenOf({ unit, value }: { readonly unit?: unknown; readonly value?: unknown }): number | undefined {
  if (unit !== undefined && unit !== 'CNY') return undefined;
  const [, sign, yuan = '', fen = ''] = YUAN.exec(typeof value === 'number' ? String(value) : '') ?? [];
  if (yuan === '') return undefined;
  const amount = Number(`${yuan}${fen.padEnd(2, '0')}`);
  return sign === '-' ? 0 - amount : amount;
}
