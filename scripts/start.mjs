import { build, install, root } from './prepare.mjs';

process.chdir(root);
install();
build();
process.setSourceMapsEnabled(true);
await import('../dist/src/main.js');
