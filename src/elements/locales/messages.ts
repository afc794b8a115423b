import type { messages } from './en.js';
import type { enLauncher } from './en-launcher.js';

/** What the launcher says before anything else is loaded. */
export type LauncherMessages = { [key in keyof typeof enLauncher]: string };

/**
 * Every text of the element. A host replaces any of them through the `messages` property. `{name}`
 * marks where a value goes: plain data, so that a table can be JSON.
 */
export type Messages = { [key in keyof typeof messages]: string };
