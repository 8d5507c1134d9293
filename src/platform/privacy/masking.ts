/** `+8613800138000` → `+86138****8000` */
export function maskMsisdn(msisdn: string): string {
  return msisdn.replace(/(\d{3})\d{4}(\d{4})$/, '$1****$2');
}

/** 张小明 → 张**; `Li Ming` → `L******` */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name];
  return first + '*'.repeat(rest.length);
}

/** First three and last two characters stay, as on printed bills. */
export function maskIdNumber(idNumber: string): string {
  return idNumber.length <= 5
    ? '*'.repeat(idNumber.length)
    : idNumber.replace(/^(.{3}).*(.{2})$/, (_, a: string, b: string) => a + '*'.repeat(idNumber.length - 5) + b);
}
