// Installs what is missing, and only that. Runs before anything is installed: Node's own modules only.
//   node scripts/setup.mjs             the npm packages
//   node scripts/setup.mjs --browser   a Chromium for the tests as well
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) setup({ browser: process.argv.includes('--browser') });

/** Leaves the package ready to build, and with `browser` ready to test. Exits with an explanation when it cannot. */
export function setup({ browser }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}.`);
  if (!packagesAreInstalled()) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (browser && !findChromium()) installChromium();
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

function installChromium() {
  const advice = 'Install Chromium or Chrome, or name one in CHROME_PATH.';
  if (!existsSync('/usr/bin/apt-get')) fail(`The tests need a browser, and none was found. ${advice}`);
  console.log('No Chromium found: installing Debian’s, which takes a minute or two.');
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'Dpkg::Use-Pty=0'];
  const [command, ...args] = process.getuid() === 0 ? apt : ['sudo', ...apt];
  run(command, [...args, 'update'], 'ignore');
  run(command, [...args, 'install', '-y', '--no-install-recommends', 'chromium'], 'ignore');
  if (!findChromium()) fail(`Installing Chromium left none behind. ${advice}`);
}

function run(command, args, output = 'inherit') {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', output, 'inherit'] });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
