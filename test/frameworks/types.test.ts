import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Passes when the compiler has nothing to say; what must not compile is marked `@ts-expect-error` where it stands. */
async function compiles(compiler: 'tsc' | 'vue-tsc', project: string): Promise<void> {
  await run(`node_modules/.bin/${compiler}`, ['-p', project]).catch(({ stdout }: { stdout: string }) =>
    assert.fail(stdout),
  );
}

describe('The published types', () => {
  it('fit plain TypeScript, React 19, Preact, Solid, Svelte and Vue', () =>
    compiles('tsc', 'test/frameworks/types/tsconfig.json'));
  it('fit React 18', () => compiles('tsc', 'test/frameworks/types/tsconfig.react-18.json'));
  it('fit the apps of the demo, templates of Vue included', () => compiles('vue-tsc', 'demo/frameworks/tsconfig.json'));
});
