// Lets a child process run the sources as they are: node --import ./test/support/typescript-process.mjs file.ts
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
