import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What worlds are made of. */
const FOLDERS = ['src/protocol', 'src/client', 'src/server', 'src/simulator', 'test/simulation', 'test/fakes'];

/** Sources by their path below the root of the repository. */
export type Sources = ReadonlyMap<string, string>;

/** The product and its simulation, as they are now. */
export function readSources(): Sources {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const wanted = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return new Map(wanted.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

/** Types taken off, nothing else changed: what a loader adds on the fly costs worlds a quarter of their time. */
export function transpile(source: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
    useDefineForClassFields: false,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Writes JavaScript into a folder below `.simulation/`, from where packages are found. */
export function writeModules(name: string, modules: Sources): string {
  const folder = join(ROOT, '.simulation', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, code] of modules) {
    const path = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return folder;
}

/** The product as it is, ready to be lived through. @returns its folder; the caller removes it */
export function compile(name: string): string {
  return writeModules(name, new Map([...readSources()].map(([file, source]) => [file, transpile(source)])));
}
