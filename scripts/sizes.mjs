// Writes the size table into README.md, between its markers, from the dist/ that was built.
//   node scripts/sizes.mjs [--check]      --check only says whether the table is true
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measure } from './measure.mjs';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TABLE = /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/;

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const before = readFileSync(README, 'utf8');
if (!TABLE.test(before)) throw new Error('README.md has no <!-- sizes --> and <!-- /sizes --> around its size table.');
const rows = measure(DIST).map(
  ({ what, files, minified, brotli }) => `| ${what} | ${files} | ${kilobytes(minified)} | ${kilobytes(brotli)} |`,
);
const table = ['| | files | minified | brotli |', '|---|---|---|---|', ...rows, ''].join('\n');
const after = before.replace(TABLE, (_, start, end) => start + table + end);

if (!process.argv.includes('--check')) writeFileSync(README, after);
else if (after !== before) {
  console.error(`README.md's size table is out of date (npm run sizes). It should be:\n${table}`);
  process.exitCode = 1;
}
