import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Every TypeScript file under `root`/src, as paths such as `src/client/backend.ts`. */
export function sourceFiles(root) {
  return readdirSync(join(root, 'src'), { recursive: true })
    .map((path) => posix.join('src', path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

/**
 * What a file imports, exports from, or loads on demand; relative paths resolved, `./x.js` read as `x.ts`. With `types`
 * false without the imports that are only for types and gone once compiled.
 */
export function importsOf(root, file, { types = true } = {}) {
  const code = readFileSync(join(root, file), 'utf8');
  const read = types ? code : code.replace(/^(?:import|export) type [^;]*;$/gm, '');
  return ts.preProcessFile(read, true, true).importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith('.')) return fileName;
    return posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts');
  });
}

/** Prints what is wrong and fails the process, or says in one line that all is well. */
export function report(problems, allWell) {
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(allWell);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
