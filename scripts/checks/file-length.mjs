// No source file is longer than 400 lines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, sourceFiles } from '../source-tree.mjs';

const LIMIT = 400;

const root = process.argv[2] ?? '.';
const lengths = sourceFiles(root).map((file) => ({
  file,
  lines: readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length,
}));
const tooLong = lengths.filter(({ lines }) => lines > LIMIT);
const longest = lengths.reduce((a, b) => (b.lines > a.lines ? b : a));

report(
  tooLong.map(({ file, lines }) => `${file} has ${lines} lines; ${LIMIT} is the limit`),
  `longest file: ${longest.file}, ${longest.lines} lines`,
);
