// Files made by scripts and kept in the repository say what the scripts would say now.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { report } from '../source-tree.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

report(
  [...problemsOf('scripts/manifest.mjs'), ...problemsOf('scripts/sizes.mjs')],
  'the manifest, what editors read and the README’s tables are fresh',
);

function problemsOf(script) {
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? [] : [stderr];
}
