// Everything that CI runs, from a bare clone: libraries, types, lint, documents, then all tests.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, run, step } from './prepare.mjs';

process.chdir(root);
install();
const node = (...args) => run(process.execPath, args);

step('Formatting', () => node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'));
step('Lint', () => node('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'));
step('Types', () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'));
step('Unused code', () => node('node_modules/knip/bin/knip.js', '--no-progress'));
build();
step('OpenAPI document is current', () => {
  const path = join(root, 'openapi', 'openapi.json');
  const committed = readFileSync(path, 'utf8');
  node('dist/src/openapi.js');
  if (readFileSync(path, 'utf8') !== committed) {
    console.error(
      'openapi/openapi.json was not what the code says; it has been written anew: look at it and commit it.',
    );
    process.exit(1);
  }
});
step('OpenAPI document is well formed', () =>
  node('node_modules/@redocly/cli/bin/cli.js', 'lint', '--format', 'summary', 'openapi/openapi.json'),
);
console.log('▸ Tests …');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--ci',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
