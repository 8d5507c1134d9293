const FULL_WIDTH_DIGIT = /[０-９]/g;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** A day, or seven digits and more however they are grouped: numbers of phones, documents, cards and accounts. */
const DAY_OR_NUMBER = /(\b\d{4}-\d{2}-\d{2}\b)|(?<!\w)[A-Za-z]{0,2}\+?\d(?:[ -]?\d){6,}[Xx]?(?!\w)/g;

/**
 * A text that people wrote, without the numbers and addresses by which a customer is known. Names cannot be told from other words:
 * they stay.
 */
export const withoutPersonalData = (text: string): string =>
  text
    .replace(FULL_WIDTH_DIGIT, (digit) => digit.normalize('NFKC'))
    .replace(EMAIL, '***')
    .replace(DAY_OR_NUMBER, (_, day: string | undefined) => day ?? '***');
