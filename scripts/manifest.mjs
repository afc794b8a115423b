// Writes custom-elements.json from the elements' own documentation, and from that what editors read and README's tables.
//   node scripts/manifest.mjs [--check]      --check only says which of them are out of date
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { vsCodeCss, vsCodeHtml, webTypes } from './manifest/editor-data.mjs';
import { reference } from './manifest/reference.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REFERENCE = /(<!-- reference -->\n)[\s\S]*?(<!-- \/reference -->)/;

const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const readme = read('README.md');
if (!REFERENCE.test(readme))
  throw new Error('README.md has no <!-- reference --> and <!-- /reference --> for its tables.');

const manifest = await cli({ argv: ['analyze', '--quiet'], cwd: ROOT, noWrite: true });
const files = {
  'custom-elements.json': json(manifest),
  'vscode.html-custom-data.json': json(vsCodeHtml(manifest)),
  'vscode.css-custom-data.json': json(vsCodeCss(manifest)),
  'web-types.json': json(webTypes(manifest, JSON.parse(read('package.json')))),
  'README.md': readme.replace(REFERENCE, (_, start, end) => `${start}\n${reference(manifest)}${end}`),
};

const stale = Object.entries(files).filter(([name, text]) => readOrNothing(name) !== text);
if (!process.argv.includes('--check')) for (const [name, text] of stale) writeFileSync(join(ROOT, name), text);
else if (stale.length > 0) {
  console.error(`Out of date (npm run manifest): ${stale.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}

function readOrNothing(name) {
  try {
    return read(name);
  } catch (cause) {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  }
}
