// npm run import | migrate | openapi | points:prove | register:verify | bench | torture: the compiled file of that name, with its arguments.
import { build, install, root } from './prepare.mjs';

const [file, ...args] = process.argv.slice(2);
process.chdir(root);
install();
build();
process.setSourceMapsEnabled(true);
process.argv.splice(1, Infinity, file, ...args);
await import(`../dist/${file}.js`);
