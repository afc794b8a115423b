import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTANTS, type Mutant } from './mutants.js';

/**
 * node --import tsx test/simulation/find-mutants.ts [NAME PART]
 * Breaks a copy of the product in each known way and lets the simulation look for it. Exits with 1 when one is not
 * found within SEEDS schedules of its profile, or when the place to break is no longer there.
 */
const SEEDS = 5000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PLACE = join(ROOT, 'build', 'mutant');

const wanted = MUTANTS.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const missed = wanted.filter((mutant) => !isFound(mutant));
console.log(`${wanted.length - missed.length} of ${wanted.length} broken variants found`);
process.exitCode = missed.length ? 1 : 0;

function isFound({ name, file, find, replace, profile }: Mutant): boolean {
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  for (const path of ['src', 'test/simulation', 'tsconfig.json', 'package.json'])
    cpSync(join(ROOT, path), join(PLACE, path), { recursive: true });
  const source = readFileSync(join(PLACE, file), 'utf8');
  if (source.split(find).length !== 2) {
    console.log(`GONE   ${name}: ${file} has no single place to break`);
    return false;
  }
  writeFileSync(
    join(PLACE, file),
    source.replace(find, () => replace),
  );
  const args = [
    '--import',
    'tsx',
    'test/simulation/simulate.ts',
    `--seeds=${SEEDS}`,
    `--profile=${profile}`,
    '--no-shrink',
  ];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: PLACE, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const said = /^(seed .*)$/m.exec(stdout)?.[1];
  console.log(status === 0 || !said ? `MISSED ${name}` : `found  ${name} — ${said.slice(0, 160)}`);
  return status !== 0 && said !== undefined;
}
