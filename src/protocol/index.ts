export * from './answers.js';
export * from './errors.js';
export * from './frame-origins.js';
export * from './problem-documents.js';
export * from './requests.js';
export * from './retry.js';
export * from './session.js';
export type { Shape } from './shape.js';
