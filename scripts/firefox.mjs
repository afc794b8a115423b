import { findProgram } from './chromium.mjs';

/** Path of the Firefox the tests drive: `FIREFOX_PATH`, else the first one on the PATH, else null. */
export const findFirefox = () => process.env.FIREFOX_PATH ?? findProgram(['firefox-esr', 'firefox']);

/** Preferences every test browser is started with: a camera and a microphone that are not real, and no question for them. */
export const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};
