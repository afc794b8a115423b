// Installs what is missing, builds, and runs the tests; the last line says how many passed and failed.
//   node scripts/test.mjs                   everything
//   node scripts/test.mjs unit              plain Node: logic, server, simulator and the gates (test/, the rest of it)
//   node scripts/test.mjs browser e2e       the element in Chromium, Firefox and WebKitGTK (test/browser), whole journeys
//                                           in Chromium and what learners do without a mouse in Firefox too (test/e2e)
//   BROWSERS=firefox node scripts/test.mjs browser     one of them alone
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = `${ROOT}test-results`;
const RUNNER_MINUTES = 30;

/** The browsers a runner's tests run in. */
const BROWSERS = { browser: 'chromium,firefox,webkit', e2e: 'chromium,firefox' };

/** Each runner's command. Each writes its totals to the given file; how is the only thing that differs. */
const RUNNERS = {
  unit: (totals) => ({
    command: process.execPath,
    args: [
      ...['--import', 'tsx', '--test', '--test-concurrency=2', '--test-timeout=900000'],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=./scripts/reporters/node-test-counts.mjs', `--test-reporter-destination=${totals}`],
      ...nodeTestFiles(),
    ],
  }),
  browser: (totals) => ({ command: 'node_modules/.bin/web-test-runner', env: { TEST_TOTALS: totals } }),
  e2e: (totals) => ({
    command: 'node_modules/.bin/playwright',
    args: ['test'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: totals },
  }),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(RUNNERS, name));
if (unknown) throw new Error(`No such tests: ${unknown}. There are: ${Object.keys(RUNNERS).join(', ')}.`);

const names = chosen.length > 0 ? chosen : Object.keys(RUNNERS);
setup({ browsers: [...new Set(names.flatMap(browsersOf))] });
const build = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const totals = names.map(run);
const sum = (key) => totals.reduce((all, each) => all + each[key], 0);
const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
process.exitCode = failed > 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

/** One runner's totals. A runner that breaks, is stopped, or runs nothing has failed, whatever it counted. */
function run(name) {
  console.log(`\n── ${name} ──`);
  mkdirSync(RESULTS, { recursive: true });
  const file = `${RESULTS}/${name}.json`;
  rmSync(file, { force: true });
  const { command, args = [], env } = RUNNERS[name](file);
  const { status, signal } = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, BROWSERS: browsersOf(name).join(',') },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: RUNNER_MINUTES * 60_000,
  });
  const counted = existsSync(file) ? readTotals(file) : { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = counted.passed + counted.failed === 0;
  if (counted.failed > 0 || (status === 0 && !ranNothing)) return counted;
  console.error(`The ${name} tests ${ranNothing ? 'ran nothing' : `ended with ${signal ?? `exit code ${status}`}`}.`);
  return { ...counted, failed: 1 };
}

function browsersOf(name) {
  return name in BROWSERS ? (process.env.BROWSERS ?? BROWSERS[name]).split(',') : [];
}

/** Our own reporters write plain totals; Playwright's report has them under `stats`. */
function readTotals(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (!report.stats) return report;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

function nodeTestFiles() {
  return readdirSync(`${ROOT}test`, { recursive: true })
    .filter((path) => path.endsWith('.test.ts') && !/^(browser|e2e)\//.test(path))
    .map((path) => `test/${path}`)
    .sort();
}
