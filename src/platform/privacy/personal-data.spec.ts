import { randomBytes } from 'node:crypto';
import { newSubjectSecret, PersonalData, SubjectSecretMissing } from './personal-data.js';
import { InvalidMsisdn, normaliseMsisdn } from './msisdn.js';

const oldKey = { id: '2025', key: randomBytes(32) };
const newKey = { id: '2026', key: randomBytes(32) };
const indexKey = randomBytes(32);

describe('sealing personal data', () => {
  const personalData = new PersonalData([newKey, oldKey], indexKey);

  it('opens what it sealed, and only there', () => {
    const envelope = personalData.seal('张小明', 'party.name:1');
    expect(personalData.open(envelope, 'party.name:1')).toBe('张小明');
    expect(() => personalData.open(envelope, 'party.name:2')).toThrow();
    envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1;
    expect(() => personalData.open(envelope, 'party.name:1')).toThrow();
  });

  it('never seals to the same bytes, nor shows the value', () => {
    const [a, b] = [personalData.seal('13800138000', 'x'), personalData.seal('13800138000', 'x')];
    expect(a.equals(b)).toBe(false);
    expect(a.includes('13800138000')).toBe(false);
  });

  it('still opens what an older key sealed', () => {
    const envelope = new PersonalData([oldKey], indexKey).seal('secret', 'c');
    expect(personalData.open(envelope, 'c')).toBe('secret');
    expect(() => new PersonalData([newKey], indexKey).open(envelope, 'c')).toThrow('No key');
  });

  describe('of a subject', () => {
    const [hers, his] = [newSubjectSecret(), newSubjectSecret()];
    const envelope = personalData.seal('13800138000', 'c', hers);

    it('opens with the data key and the secret together, and with neither alone', () => {
      expect(personalData.open(envelope, 'c', hers)).toBe('13800138000');
      expect(() => personalData.open(envelope, 'c', his)).toThrow();
      expect(() => personalData.open(envelope, 'c')).toThrow(SubjectSecretMissing);
      const strangers = new PersonalData([{ id: newKey.id, key: randomBytes(32) }], indexKey);
      expect(() => strangers.open(envelope, 'c', hers)).toThrow();
    });

    it('does not open as if it were sealed without a secret', () => {
      const relabelled = Buffer.from(envelope);
      relabelled[0] = 1;
      expect(() => personalData.open(relabelled, 'c', hers)).toThrow();
    });

    it('is nothing once the secret is gone; what an earlier release sealed without one still opens', () => {
      expect(personalData.openIfKept(envelope, 'c', hers)).toBe('13800138000');
      expect(personalData.openIfKept(envelope, 'c', null)).toBeUndefined();
      expect(personalData.openIfKept(null, 'c', hers)).toBeUndefined();
      expect(personalData.openIfKept(personalData.seal('old', 'c'), 'c', null)).toBe('old');
    });

    it('makes secrets that differ, however many are made', () => {
      const secrets = Array.from({ length: 2_000 }, () => newSubjectSecret().toString('hex'));
      expect(new Set(secrets).size).toBe(2_000);
      expect(secrets.every((secret) => secret.length === 64)).toBe(true);
    });
  });

  it('indexes equal values alike within a kind, and differently across kinds and keys', () => {
    const index = personalData.blindIndex('msisdn', '+8613800138000');
    expect(index).toHaveLength(32);
    expect(personalData.blindIndex('msisdn', '+8613800138000').equals(index)).toBe(true);
    expect(personalData.blindIndex('name', '+8613800138000').equals(index)).toBe(false);
    expect(new PersonalData([newKey], randomBytes(32)).blindIndex('msisdn', '+8613800138000').equals(index)).toBe(
      false,
    );
  });
});

describe('a mobile number', () => {
  it.each(['13800138000', '8613800138000', '+8613800138000', '138-0013-8000', '0086 138 0013 8000'])(
    'is recognised as %s',
    (text) => expect(normaliseMsisdn(text)).toBe('+8613800138000'),
  );
  it.each(['', '1380013800', '23800138000', '12800138000', '138001380001', 'abc'])('is not %p', (text) => {
    expect(() => normaliseMsisdn(text, 'callerId')).toThrow(InvalidMsisdn);
    expect(() => normaliseMsisdn(text, 'callerId')).toThrow(/^callerId must be/);
  });
});
