import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readSources, transpile, writeModules } from './compile.js';
import { MUTANTS, type Mutant } from './mutants.js';
import { swarm } from './swarm.js';

/**
 * npm run simulate:mutants -- [NAME PART]
 * Breaks a copy of the product in each known way and lets the simulation look for it. Prints which world noticed, and
 * by which promise. Exits with 1 when a variant is not found within SEEDS schedules of its profile, or when the place
 * to break is no longer there.
 */
const SEEDS = 5000;

const sources = readSources();
const whole = new Map([...sources].map(([file, source]) => [file, transpile(source)]));
const wanted = MUTANTS.filter(({ name }) => name.includes(process.argv[2] ?? ''));
console.log('| broken variant | profile | seed | noticed by |\n| --- | --- | --- | --- |');
let found = 0;
for (const mutant of wanted) if (await isFound(mutant)) found++;
console.log(`\n${found} of ${wanted.length} broken variants found`);
process.exitCode = found === wanted.length ? 0 : 1;

async function isFound({ name, file, find, replace, profile }: Mutant): Promise<boolean> {
  const source = sources.get(file) ?? '';
  if (source.split(find).length !== 2) {
    console.log(`| ${name} | ${profile} | – | GONE: ${file} has no single place to break |`);
    return false;
  }
  const broken = transpile(source.replace(find, () => replace));
  const folder = writeModules(`mutant-${process.pid}`, new Map([...whole, [file, broken]]));
  try {
    const block = { from: 1, count: SEEDS, profile, shrink: false };
    const { finding } = await swarm(folder, block, availableParallelism());
    console.log(`| ${name} | ${profile} | ${finding?.seed ?? '–'} | ${short(finding?.complaint) ?? 'MISSED'} |`);
    return finding !== null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without what differs from run to run, and fit for a table. */
function short(complaint: string | undefined): string | undefined {
  return complaint
    ?.split('\n', 1)[0]
    ?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')
    .replaceAll('|', '/')
    .slice(0, 110);
}
