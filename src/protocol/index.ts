export * from './frame-origins.js';
export * from './errors.js';
export * from './messages.js';
export * from './retry.js';
export * from './session.js';
