// Files made by scripts and kept in the repository say what the scripts would say now.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { report } from '../source-tree.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

report([...manifestProblems(), ...sizeProblems()], 'custom-elements.json and the README’s sizes are fresh');

function manifestProblems() {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  try {
    const args = ['analyze', '--quiet', '--outdir', relative(ROOT, folder)];
    const { status, stderr } = spawnSync('node_modules/.bin/custom-elements-manifest', args, {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) return [`custom-elements-manifest failed: ${stderr}`];
    const [made, kept] = [folder, ROOT].map((where) => readFileSync(join(where, 'custom-elements.json'), 'utf8'));
    return made === kept ? [] : ['custom-elements.json is out of date (npm run manifest)'];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeProblems() {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/sizes.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? [] : [stderr];
}
