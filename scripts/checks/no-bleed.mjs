// Nothing of the server reaches a browser, and nothing of the browser the server: neither modules nor words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserFiles } from '../browser-files.mjs';
import { importsOf, report, sourceFiles } from '../source-tree.mjs';

const SERVER_ROOMS = /\bsrc\/(server|simulator|cli)\//;
const SERVER_PACKAGES = /node_modules\/(hono|@hono|jose|libsql|@libsql|pg|@google-cloud|valibot)\//;
/** What of the protocol only servers need: to browsers requests are types, and problems are codes. */
const SERVER_PROTOCOL = /\bsrc\/protocol\/(requests|problem-documents)\.ts$/;
const SERVER_WORDS = [
  /\bnode:[a-z]/,
  /tavusapi\.com/,
  /x-api-key/i,
  /\b(TAVUS|PRACTICE)_[A-Z_]+/,
  /max_call_duration|participant_(left|absent)_timeout|conversation_name|callback_url/,
  /\b(SELECT|INSERT INTO|CREATE TABLE) /,
];

const BROWSER_PACKAGES = /^(lit|@lit\/.+|idb-keyval)(\/|$)/;
const BROWSER_GLOBALS = /\b(customElements|HTMLElement|ShadowRoot|indexedDB|localStorage|(?:window|document)\.)/;

const root = process.argv[2] ?? '.';
const dist = join(root, 'dist');

const inBrowser = browserFiles(dist).flatMap((file) => {
  const code = readFileSync(join(dist, file), 'utf8');
  const { sources } = JSON.parse(readFileSync(join(dist, `${file}.map`), 'utf8'));
  return [
    ...sources
      .filter((source) => [SERVER_ROOMS, SERVER_PACKAGES, SERVER_PROTOCOL].some((mine) => mine.test(source)))
      .map((s) => `holds ${s}`),
    ...SERVER_WORDS.flatMap((word) => code.match(word)?.[0] ?? []).map((word) => `says “${word}”`),
  ].map((problem) => `dist/${file} ${problem}`);
});

const inServer = sourceFiles(root)
  .filter((file) => SERVER_ROOMS.test(file))
  .flatMap((file) => {
    const packages = importsOf(root, file).filter((name) => BROWSER_PACKAGES.test(name));
    const [word] = withoutCommentsAndTexts(readFileSync(join(root, file), 'utf8')).match(BROWSER_GLOBALS) ?? [];
    return [...packages, ...(word ? [word] : [])].map((found) => `${file} reaches for ${found}`);
  });

report([...inBrowser, ...inServer], 'server and browser code stay apart');

/** The simulator's room page and other HTML are texts, and may say `document`. */
function withoutCommentsAndTexts(code) {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
}
