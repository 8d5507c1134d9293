export * from './settings.js';
export * from './own-keys.js';
