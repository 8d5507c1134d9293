export * from './personal-data.js';
export * from './masking.js';
export * from './msisdn.js';
