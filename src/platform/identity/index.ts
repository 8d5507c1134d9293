export * from './actor.js';
export * from './actor-directory.js';
export * from './api-keys.js';
export * from './passwords.js';
export * from './scope.js';
export * from './tokens.js';
