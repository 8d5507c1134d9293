export * from './personal-data.js';
export * from './masking.js';
export * from './masked-texts.js';
export * from './msisdn.js';
export * from './identity-document.js';
export * from './canonical-json.js';
export * from './retention.js';
