export * from './refusal.js';
export * from './error-without-data.js';
