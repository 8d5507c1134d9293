import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from './settings.js';

interface KeyFile {
  readonly jwtSecret: string;
  readonly dataKey: string;
  readonly indexKey: string;
}

/**
 * The keys of the embedded mode: made on the first start, kept beside the data (mode 600). Keys of the environment win.
 */
export async function withOwnKeys(settings: Settings, say: (message: string) => void): Promise<Settings> {
  if (settings.jwtSecret && settings.dataKeys && settings.indexKey) return settings;
  const path = join(settings.dataDir, 'keys.json');
  const keys = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as KeyFile,
    async () => {
      const key = (): string => randomBytes(32).toString('base64');
      const made: KeyFile = { jwtSecret: key(), dataKey: key(), indexKey: key() };
      await writeFile(`${path}.new`, JSON.stringify(made, null, 2), { mode: 0o600 });
      await rename(`${path}.new`, path);
      say(`made the keys of personal data: ${path} (keep a copy: without it the data cannot be read)`);
      return made;
    },
  );
  return {
    ...settings,
    jwtSecret: settings.jwtSecret ?? keys.jwtSecret,
    dataKeys: settings.dataKeys ?? [{ id: 'own', key: Buffer.from(keys.dataKey, 'base64') }],
    indexKey: settings.indexKey ?? Buffer.from(keys.indexKey, 'base64'),
  };
}
