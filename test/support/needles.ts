import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Small enough for the cache of the processor, large enough to be almost empty. */
const HASH_BITS = 22;
/** Of a file: most are smaller by far, and there are thousands. */
const MOST_AT_ONCE = 8 * 1024 * 1024;

/** Known values in every form in which they could lie about: who finds one has found a leak. */
export class Needles {
  private readonly byStart = new Map<number, { readonly label: string; readonly bytes: Buffer }[]>();
  /** Which first four bytes occur at all, a bit for each hash: almost every place in a file ends here. */
  private readonly starts = new Uint8Array(1 << (HASH_BITS - 3));
  private longest = 0;

  add(label: string, bytes: Buffer): void {
    if (bytes.length < 6) throw new Error(`${label} is too short to be told from chance`);
    const start = bytes.readUInt32BE(0);
    const same = this.byStart.get(start);
    if (same) same.push({ label, bytes });
    else this.byStart.set(start, [{ label, bytes }]);
    const hash = hashOf(start);
    this.starts[hash >>> 3] = (this.starts[hash >>> 3] ?? 0) | (1 << (hash & 7));
    this.longest = Math.max(this.longest, bytes.length);
  }

  /** A text as it is, and as it looks in other alphabets: GBK, UTF-16, Base64, hex, JSON and URL escapes, bare digests. */
  addText(label: string, text: string): void {
    const utf8 = Buffer.from(text);
    const forms: Record<string, Buffer> = {
      plain: utf8,
      hex: Buffer.from(utf8.toString('hex')),
      HEX: Buffer.from(utf8.toString('hex').toUpperCase()),
      UTF16: Buffer.from(text, 'utf16le'),
      ...base64Forms(utf8),
    };
    for (const digest of ['md5', 'sha1', 'sha256']) {
      const hash = createHash(digest).update(text).digest();
      forms[digest] = hash;
      forms[`${digest} hex`] = Buffer.from(hash.toString('hex'));
    }
    if (utf8.length !== text.length) {
      forms['GBK'] = gbk(text);
      forms['JSON'] = Buffer.from([...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
      forms['URL'] = Buffer.from(encodeURIComponent(text));
    }
    for (const [form, bytes] of Object.entries(forms)) this.add(`${label} (${form})`, bytes);
  }

  /** Labels of what is in there, each once, with what stands around it. */
  in(haystack: Buffer): readonly string[] {
    const found = new Map<string, string>();
    const { starts } = this;
    let start = 0;
    for (let end = 0; end < haystack.length; end++) {
      start = ((start << 8) | (haystack[end] ?? 0)) >>> 0;
      const hash = hashOf(start);
      if (((starts[hash >>> 3] ?? 0) & (1 << (hash & 7))) === 0 || end < 3) continue;
      const at = end - 3;
      for (const { label, bytes } of this.byStart.get(start) ?? []) {
        if (found.has(label) || !haystack.subarray(at, at + bytes.length).equals(bytes)) continue;
        const around = haystack.subarray(Math.max(0, at - 60), at + bytes.length + 30).toString('latin1');
        found.set(label, `${label}: …${around.replaceAll(/[^\x20-\x7e]+/g, '·')}…`);
      }
    }
    return [...found.values()];
  }

  inText(text: string): readonly string[] {
    return this.in(Buffer.from(text));
  }

  /** The same for a file of any size. */
  async inFile(path: string): Promise<readonly string[]> {
    const found = new Set<string>();
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const piece = Buffer.allocUnsafe(Math.min(size + 1, MOST_AT_ONCE));
      for (let at = 0; ; at += piece.length - this.longest) {
        const { bytesRead } = await file.read(piece, 0, piece.length, at);
        for (const each of this.in(piece.subarray(0, bytesRead))) found.add(`${path}: ${each}`);
        if (bytesRead < piece.length) return [...found];
      }
    } finally {
      await file.close();
    }
  }
}

// Looked up once: a global costs some hundred nanoseconds in Jest's sandbox, and this is done for every byte.
const { imul } = Math;
const hashOf = (start: number): number => imul(start, 0x9e3779b1) >>> (32 - HASH_BITS);

/** However the bytes around it fall, one of the three is in the Base64 of a text that contains it. */
function base64Forms(bytes: Buffer): Record<string, Buffer> {
  return Object.fromEntries(
    [0, 1, 2].map((offset) => {
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      const begin = [0, 2, 3][offset] ?? 0;
      const whole = Math.floor(((bytes.length + offset) * 8) / 6);
      return [`base64+${offset}`, Buffer.from(text.slice(begin, whole))];
    }),
  );
}

let gbkOf: Map<string, readonly [number, number]> | undefined;
function gbk(text: string): Buffer {
  if (!gbkOf) {
    gbkOf = new Map();
    const decoder = new TextDecoder('gbk');
    for (let first = 0x81; first <= 0xfe; first++) {
      for (let second = 0x40; second <= 0xfe; second++)
        gbkOf.set(decoder.decode(new Uint8Array([first, second])), [first, second]);
    }
  }
  return Buffer.from([...text].flatMap((c) => (c < '\x80' ? [c.charCodeAt(0)] : [...(gbkOf?.get(c) ?? [0x3f])])));
}
