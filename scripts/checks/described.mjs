// The manifest says something about everything public, and knows every event, part, slot and custom property there is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { elementsOf } from '../manifest/editor-data.mjs';
import { report, sourceFiles } from '../source-tree.mjs';

const LISTS = ['attributes', 'members', 'events', 'slots', 'cssParts', 'cssProperties'];

/** Where the sources name a part, a slot or a custom property; what is put together at run time cannot be seen here. */
const NAMED_IN_SOURCES = {
  cssParts: [/\bpart="([a-z -]+)"/g, /\bpart=([a-z-]+)[\s>]/g],
  slots: [/<slot name="([a-z-]+)"/g],
  cssProperties: [/var\((--tavus-practice-[a-z-]+)/g],
};

const root = process.argv[2] ?? '.';
const read = (path) => readFileSync(join(root, path), 'utf8');
const elements = elementsOf(JSON.parse(read('custom-elements.json')));
const sources = sourceFiles(root).filter((file) => /^src\/(elements|insights)\//.test(file));
const namesOf = (list) => elements.flatMap((element) => element[list] ?? []).map(({ name }) => name);

const silent = elements.flatMap((element) => [
  ...(element.description ? [] : [`<${element.tagName}> is not described`]),
  ...LISTS.flatMap((list) => (element[list] ?? []).filter(({ description }) => !description?.trim())).map(
    ({ name }) => `<${element.tagName}>: ${name} is not described`,
  ),
  ...(element.events ?? [])
    .filter(({ type }) => !type.text)
    .map(({ name }) => `<${element.tagName}>: ${name} is not in PracticeEventMap`),
]);

const unknown = Object.entries(NAMED_IN_SOURCES).flatMap(([list, patterns]) => {
  const known = namesOf(list);
  const used = sources.flatMap((file) => patterns.flatMap((pattern) => [...read(file).matchAll(pattern)]));
  const names = new Set(used.flatMap(([, name]) => name.split(' ')));
  return [...names]
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is not among the ${list} of any element`);
});

const [, map = ''] = /interface PracticeEventMap \{([^}]*)\}/.exec(sources.map(read).join('\n')) ?? [];
const unsaid = [...map.matchAll(/'([a-z-]+)':/g)]
  .map(([, name]) => name)
  .filter((name) => !namesOf('events').includes(name))
  .map((name) => `${name} is in PracticeEventMap, but no element says when it fires`);

report([...silent, ...unknown, ...unsaid], `${elements.length} elements, everything about them described`);
