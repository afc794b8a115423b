export { demoLearners, launchTokens, type Authenticate, type Caller } from './auth.js';
export { readCourses, type Course } from './courses.js';
export {
  createPracticeBackend,
  createPracticeHandler,
  type PracticeBackend,
  type PracticeBackendOptions,
} from './practice-backend.js';
export { systemRuntime, type Runtime } from './runtime.js';
export type { SessionStore } from './session-store.js';
export { readSettings, SettingsError, type Settings } from './settings.js';
export { openSqliteStore } from './stores/sqlite.js';
export { TavusError } from './tavus-requests.js';
