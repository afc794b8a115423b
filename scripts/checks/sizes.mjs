// What a learner's browser downloads stays within its budget.
import { join } from 'node:path';
import { measure } from '../measure.mjs';
import { report } from '../source-tree.mjs';

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const rows = measure(join(process.argv[2] ?? '.', 'dist'));
for (const { what, brotli, budget } of rows)
  console.log(`${what}: ${kilobytes(brotli)}${budget ? ` of ${kilobytes(budget)}` : ''}`);

report(
  rows.filter(({ brotli, budget }) => brotli > budget).map(({ what }) => `too large: ${what}`),
  'within the budget',
);
