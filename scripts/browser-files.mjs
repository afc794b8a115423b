import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Every script a browser may load from a built `dist`, as paths inside it, sorted. */
export function browserFiles(dist) {
  return readdirSync(dist, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.js') && !path.startsWith('modules/'))
    .sort();
}

/** `entry` and every file it imports, in turn; with `lazily` also those it loads on demand. `except` is left out. */
export function loadedBy(entry, dist, { lazily, except = /^$/ }) {
  const loaded = new Set();
  const visit = (file) => {
    if (loaded.has(file) || except.test(file)) return;
    loaded.add(file);
    const code = readFileSync(join(dist, file), 'utf8');
    const found = [...code.matchAll(/\b(?:from|import)\s*["'](\.[^"']+)["']/g)];
    if (lazily) found.push(...code.matchAll(/\bimport\(\s*["'`](\.[^"'`]+)["'`]\s*\)/g));
    for (const [, specifier] of found) visit(posix.join(posix.dirname(file), specifier));
  };
  visit(entry);
  return [...loaded].sort();
}
