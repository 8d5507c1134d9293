import { isSignatureOf, sha256, SHA256_OF_NOTHING, signatureOf, signedText, type SignedContent } from './signature.js';

const content: SignedContent = {
  method: 'POST',
  target: '/care-api/intake/v1/file?name=%E8%B4%B5.csv',
  timestamp: '1767229200',
  nonce: '0123456789abcdef',
  bodySha256: sha256('{"a":1}'),
};

describe('a signature', () => {
  it('is over five lines', () => {
    expect(signedText(content)).toBe(
      'POST\n/care-api/intake/v1/file?name=%E8%B4%B5.csv\n1767229200\n0123456789abcdef\n' +
        '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
    );
  });

  // Computed with: printf '…' | openssl dgst -sha256 -hmac gbk_example
  it('is what openssl makes of them', () => {
    expect(signatureOf(content, 'gbk_example')).toBe(
      'v1=de4edcd80265e041ba03d5c4180dcf612f4fff0b84686d0350af4bfdd5c74f64',
    );
  });

  it('of no body has the digest of nothing', () => {
    expect(SHA256_OF_NOTHING).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each([
    ['method', 'PUT'],
    ['target', '/care-api/intake/v1/file?name=%e8%b4%b5.csv'],
    ['timestamp', '1767229201'],
    ['nonce', '0123456789abcdeF'],
    ['bodySha256', SHA256_OF_NOTHING],
  ])('does not fit another %s', (part, value) => {
    expect(isSignatureOf(signatureOf(content, 'k'), { ...content, [part]: value }, 'k')).toBe(false);
  });

  it('fits its own content and key, and no other key', () => {
    expect(isSignatureOf(signatureOf(content, 'k'), content, 'k')).toBe(true);
    expect(isSignatureOf(signatureOf(content, 'k'), content, 'l')).toBe(false);
  });

  it.each([
    '',
    'v1=',
    `v1=${'0'.repeat(63)}`,
    `v1=${'0'.repeat(65)}`,
    '贵'.repeat(67),
    '贵'.repeat(22) + 'v',
    'v2'.repeat(9000),
  ])('of another length or alphabet is simply wrong: %#', (signature) => {
    expect(isSignatureOf(signature, content, 'k')).toBe(false);
  });
});
