// Installs what is missing, and only that. Runs before anything is installed: Node's own modules only.
//   node scripts/setup.mjs                            the npm packages
//   node scripts/setup.mjs chromium firefox webkit    these browsers for the tests as well
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { findFirefox } from './firefox.mjs';
import { findWebKit } from './webkit.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Per browser of the tests: how it is found, what Debian calls it, and what to do where there is no Debian. */
const BROWSERS = {
  chromium: {
    find: findChromium,
    packages: ['chromium'],
    advice: 'Install Chromium or Chrome, or name one in CHROME_PATH.',
  },
  firefox: {
    find: findFirefox,
    packages: ['firefox-esr'],
    advice: 'Install Firefox, or name one in FIREFOX_PATH.',
  },
  webkit: {
    find: findWebKit,
    packages: ['webkit2gtk-driver', 'xvfb'],
    advice: 'Install WebKitGTK with MiniBrowser and WebKitWebDriver, and Xvfb.',
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) setup({ browsers: process.argv.slice(2) });

/** Leaves the package ready to build, and to test in these `browsers`. Exits with an explanation when it cannot. */
export function setup({ browsers }) {
  const unknown = browsers.find((name) => !Object.hasOwn(BROWSERS, name));
  if (unknown) fail(`No such browser: ${unknown}. There are: ${Object.keys(BROWSERS).join(', ')}.`);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}.`);
  if (!packagesAreInstalled()) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  const missing = browsers.map((name) => BROWSERS[name]).filter(({ find }) => !find());
  if (missing.length > 0) install(missing);
}

/** The lock file and npm's own note of what it installed name the same versions. */
function packagesAreInstalled() {
  const note = `${ROOT}node_modules/.package-lock.json`;
  if (!existsSync(note)) return false;
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = packages(note);
  return Object.entries(packages(`${ROOT}package-lock.json`)).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

function install(browsers) {
  const packages = browsers.flatMap((browser) => browser.packages);
  const advice = browsers.map((browser) => browser.advice).join(' ');
  if (!existsSync('/usr/bin/apt-get')) fail(`The tests need a browser that was not found. ${advice}`);
  console.log(`Installing ${packages.join(' and ')} for the tests, which takes a minute or two.`);
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'Dpkg::Use-Pty=0'];
  const [command, ...args] = process.getuid() === 0 ? apt : ['sudo', '-n', ...apt];
  run(command, [...args, 'update'], { output: 'ignore', advice });
  run(command, [...args, 'install', '-y', '--no-install-recommends', ...packages], { output: 'ignore', advice });
  if (browsers.some(({ find }) => !find())) fail(`They are installed, and still not found. ${advice}`);
}

function run(command, args, { output = 'inherit', advice = '' } = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', output, 'inherit'] });
  if (status === 0) return;
  fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. ${advice}`.trim());
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
