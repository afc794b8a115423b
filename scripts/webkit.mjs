import { existsSync, readdirSync } from 'node:fs';
import { findProgram } from './chromium.mjs';

const LIBRARIES = '/usr/lib';

/**
 * The WebKitGTK the tests drive: its MiniBrowser (`MINIBROWSER_PATH` names another one), its WebDriver, and the screen
 * they are drawn on. Null where one of them is missing.
 */
export function findWebKit() {
  const browser = process.env.MINIBROWSER_PATH ?? findMiniBrowser();
  const driver = findProgram(['WebKitWebDriver']);
  const screen = findProgram(['Xvfb']);
  return browser && driver && screen ? { browser, driver, screen } : null;
}

/** Distributions keep it beside the library, outside the PATH: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser. */
function findMiniBrowser() {
  const inside = (folder, name) => {
    const entries = existsSync(folder) ? readdirSync(folder) : [];
    return entries.filter((entry) => entry.includes(name)).map((entry) => `${folder}/${entry}`);
  };
  const folders = [LIBRARIES, ...inside(LIBRARIES, '-linux-gnu')].flatMap((folder) => inside(folder, 'webkit2gtk-4'));
  return folders.map((folder) => `${folder}/MiniBrowser`).find((path) => existsSync(path)) ?? null;
}
