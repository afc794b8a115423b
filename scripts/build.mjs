// Builds dist/ from src/ where src/ is newer.
//   node scripts/build.mjs [--force]
// tsc writes the modules the server runs (dist/modules), rollup bundles what browsers load from them. Everything is
// made in build/ and moved at the end, so a server that is running, or a build that fails, never sees half a dist/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserFiles } from './browser-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INPUTS = [
  'src',
  'package-lock.json',
  'rollup.config.mjs',
  'scripts/build.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
];
const NEW = join(ROOT, 'build');
const DIST = join(ROOT, 'dist');

if (process.argv.includes('--force') || isStale()) build();

function build() {
  const started = performance.now();
  rmSync(NEW, { recursive: true, force: true });
  run('tsc', ['-p', 'tsconfig.build.json', '--outDir', 'build/modules', '--inlineSources']);
  run('rollup', ['-c', '--configDir', 'build']);
  const integrity = browserFiles(NEW).map((file) => [file, `sha384-${sha384(join(NEW, file))}`]);
  writeFileSync(join(NEW, 'sri.json'), `${JSON.stringify(Object.fromEntries(integrity), null, 2)}\n`);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(NEW, DIST);
  console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** sri.json is written last, so it is as old as the build. A folder's own time tells of deleted files. */
function isStale() {
  const last = join(DIST, 'sri.json');
  return !existsSync(last) || newest(INPUTS.map((path) => join(ROOT, path))) > statSync(last).mtimeMs;
}

function newest(paths) {
  const times = paths.map((path) => {
    const stat = statSync(path);
    if (!stat.isDirectory()) return stat.mtimeMs;
    return Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
  });
  return Math.max(0, ...times);
}

function sha384(path) {
  return createHash('sha384').update(readFileSync(path)).digest('base64');
}

function run(command, args) {
  const { status, error } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, { cwd: ROOT, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
