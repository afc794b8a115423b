import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { browserFiles, loadedBy } from './browser-files.mjs';

const ENTRY = 'tavus-practice.js';
const CLASSIC = 'tavus-practice.iife.js';
/** What finds the texts of another language than English. */
const OTHER_LANGUAGES = /load-texts/;

/**
 * What a browser downloads, each file compressed by itself as a server would send it. Bytes, brotli 11.
 * `budget` is the most it may be; absent where there is none.
 */
export function measure(dist) {
  const sizes = new Map(browserFiles(dist).map((file) => [file, sizeOf(join(dist, file))]));
  const row = (what, files, budget) => ({
    what,
    files: files.length,
    minified: files.reduce((sum, file) => sum + sizes.get(file).minified, 0),
    brotli: files.reduce((sum, file) => sum + sizes.get(file).brotli, 0),
    budget,
  });
  const english = loadedBy(ENTRY, dist, { lazily: true, except: OTHER_LANGUAGES });
  const languages = loadedBy(ENTRY, dist, { lazily: true }).filter((file) => !english.includes(file));
  const largest = languages.reduce((a, b) => (sizes.get(b).brotli > sizes.get(a).brotli ? b : a));
  return [
    row(`\`${ENTRY}\`: draws the launcher`, loadedBy(ENTRY, dist, { lazily: false }), 10_000),
    // 26 kB is where it belongs; until it is there, it may at least not grow.
    row('everything a learner loads, in English', english, 37_000),
    row(`one more language, the largest: \`${nameOf(largest)}\``, [largest]),
    row(`\`${CLASSIC}\`: all of it in one classic script`, [CLASSIC]),
  ];
}

function sizeOf(path) {
  const code = readFileSync(path);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: code.length } };
  return { minified: code.length, brotli: brotliCompressSync(code, options).length };
}

const nameOf = (file) => file.replace(/^chunks\/|-[^-]*\.js$/g, '');
