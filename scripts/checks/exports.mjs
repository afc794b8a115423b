// What package.json promises is there: its files exist, what they import is declared, and its entries can be imported
// by plain Node without an exception and without a trace in its globals.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { report } from '../source-tree.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const promised = [...new Set([...paths(manifest.exports), ...paths(manifest.bin)])];

const missing = promised.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${path} does not exist`);
report(
  missing.length > 0 ? missing : [...undeclared(), ...(await traces())],
  `${promised.length} files promised and there`,
);

function paths(value) {
  return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(paths);
}

function undeclared() {
  const declared = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  const modules = readdirSync(join(ROOT, 'dist/modules'), { recursive: true }).filter((path) => path.endsWith('.js'));
  return modules.flatMap((path) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, 'dist/modules', path), 'utf8'), true, true);
    return importedFiles
      .map(({ fileName }) => fileName)
      .filter((name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name))
      .filter((name) => !declared.some((known) => name === known || name.startsWith(`${known}/`)))
      .map((name) => `dist/modules/${path} imports ${name}, which package.json does not depend on`);
  });
}

async function traces() {
  const before = Object.getOwnPropertyNames(globalThis);
  const found = [];
  for (const path of paths(manifest.exports).filter((path) => path.endsWith('.js'))) {
    try {
      await import(pathToFileURL(join(ROOT, path)));
    } catch (error) {
      found.push(`importing ${path} in Node throws: ${error.stack}`);
    }
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    if (added.length > 0) found.push(`importing ${path} in Node leaves globals: ${added.join(', ')}`);
  }
  return found;
}
