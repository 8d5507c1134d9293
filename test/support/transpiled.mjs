import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';
import { swc } from './swc.mjs';

/**
 * Translates one TypeScript file that imports only packages, for places where Jest translates nothing: its global
 * set-up and child processes. Returns the URL to import.
 */
export async function transpiled(file) {
  const directory = join(process.cwd(), 'node_modules/.cache/guibin');
  await mkdir(directory, { recursive: true });
  const { code } = await transformFile(file, swc);
  const path = join(directory, `${basename(file, '.ts')}.${process.pid}.mjs`);
  await writeFile(path, code);
  return pathToFileURL(path).href;
}
