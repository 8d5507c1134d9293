import { build, install, root, run } from './prepare.mjs';

process.chdir(root);
install();
if (process.argv.includes('--watch')) {
  // Compiles and starts anew whenever a source changes.
  run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'start', '--watch']);
} else {
  build();
  process.setSourceMapsEnabled(true);
  await import('../dist/src/main.js');
}
