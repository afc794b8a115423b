import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';

const run = promisify(execFile);
const check = (name: string, ...args: string[]) => run('node', [`scripts/checks/${name}.mjs`, ...args]);
const tool = (name: string, ...args: string[]) => run(join('node_modules/.bin', name), args);

const linter = new ESLint();
/** What the linter says of `code`, were it in that file. */
async function lint(filePath: string, code: string): Promise<string[]> {
  const results = await linter.lintText(`${code}\n`, { filePath });
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

/** Passes when the command does; else fails with what it printed. */
async function passes(command: Promise<unknown>): Promise<void> {
  await command.catch(({ stdout, stderr }: { stdout: string; stderr: string }) => assert.fail(`${stdout}${stderr}`));
}

describe('The package', () => {
  it('imports only downwards and never in circles', () => passes(check('floors')));
  it('keeps server and browser apart', () => passes(check('no-bleed')));
  it('keeps every source file short', () => passes(check('file-length')));
  it('stays within its download budget', () => passes(check('sizes')));
  it('has every file it promises, and can be imported by plain Node', () => passes(check('exports')));
  it('has fresh generated files', () => passes(check('generated')));
  it('describes everything public of its elements', () => passes(check('described')));
  it('holds no text outside the tables that can be translated', () => passes(check('no-literals')));
  it('has sound types', () => passes(tool('tsc', '--noEmit')));
  it('has nothing the linter objects to', () => passes(tool('eslint', '.', '--max-warnings=0')));
  it('is formatted', () => passes(tool('prettier', '--check', '.', '--log-level=warn')));
});

describe('The gates', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'gates-'));
    await add('src/protocol/session.ts', `export const a = 1;\n`);
    await add('src/client/backend.ts', `import { a } from '../protocol/session.js';\nexport const b = a;\n`);
  });
  after(() => rm(root, { recursive: true }));

  it('let a sound tree through', async () => {
    await passes(check('floors', root));
    await passes(check('file-length', root));
  });

  it('stop an import that goes up', async () => {
    await withFile('src/protocol/up.ts', `import type { b } from '../client/backend.js';\n`, async () => {
      await assert.rejects(check('floors', root), /src\/protocol\/up\.ts must not import src\/client\/backend\.ts/);
    });
  });

  it('stop a lazy import from client to server', async () => {
    await withFile('src/client/sly.ts', `export const s = () => import('../server/tavus.js');\n`, async () => {
      await assert.rejects(check('floors', root), /src\/client\/sly\.ts must not import src\/server\/tavus\.ts/);
    });
  });

  it('stop a circle', async () => {
    await withFile('src/client/one.ts', `import './two.js';\n`, () =>
      withFile('src/client/two.ts', `import './one.js';\n`, async () => {
        await assert.rejects(check('floors', root), /import cycle: src\/client\/one\.ts → src\/client\/two\.ts/);
      }),
    );
  });

  it('stop a view that speaks English by itself', async () => {
    await withFile(
      'src/elements/blunt-view.ts',
      'export const view = () => html`<p>Hello ${name}</p>`;\n',
      async () => {
        await assert.rejects(check('no-literals', root), /blunt-view\.ts: <p>Hello …<\/p>/);
      },
    );
    await withFile('src/elements/sly-view.ts', 'export const view = () => html`<b title="Close"></b>`;\n', async () => {
      await assert.rejects(check('no-literals', root), /sly-view\.ts/);
    });
  });

  it('stop a file of 401 lines', async () => {
    await withFile('src/client/long.ts', 'export {};\n'.repeat(401), async () => {
      await assert.rejects(check('file-length', root), /long\.ts has 401 lines/);
    });
  });

  it('stop a server setting named in a browser file', async () => {
    await withFile('dist/tavus-practice.js', 'console.log("TAVUS_API_KEY")', () =>
      withFile('dist/tavus-practice.js.map', '{"sources":["../src/server/tavus.ts"]}', () =>
        assert.rejects(check('no-bleed', root), /holds \.\.\/src\/server\/tavus\.ts[^]*says “TAVUS_API_KEY”/),
      ),
    );
  });

  it('stop the checks of requests, and what they are made with, in a browser file', async () => {
    const map = '{"sources":["../src/protocol/requests.ts","../node_modules/valibot/dist/index.mjs"]}';
    await withFile('dist/tavus-practice.js', '', () =>
      withFile('dist/tavus-practice.js.map', map, () =>
        assert.rejects(check('no-bleed', root), /holds \.\.\/src\/protocol\/requests\.ts[^]*holds .*\/valibot\//),
      ),
    );
  });

  it('stop a server file that reaches for the DOM', async () => {
    await withFile('dist/.keep', '', () =>
      withFile('src/server/dom.ts', 'export const t = document.title;\n', () =>
        assert.rejects(check('no-bleed', root), /src\/server\/dom\.ts reaches for document\./),
      ),
    );
  });

  it('stop what is public and not described', async () => {
    const element = {
      tagName: 'tavus-practice',
      description: 'A button.',
      members: [{ kind: 'field', name: 'disabled' }],
      events: [{ name: 'practice-begun', type: { text: '' }, description: 'it began' }],
    };
    const view =
      'html`<div part="dialog"><slot name="tips"></slot></div>`; css`a { color: var(--tavus-practice-ink) }`';
    await withFile('custom-elements.json', JSON.stringify({ modules: [{ declarations: [element] }] }), () =>
      withFile('src/elements/view.ts', `export const v = [${view.replace('; ', ', ')}];\n`, () =>
        withFile(
          'src/elements/events.ts',
          `interface PracticeEventMap {\n  'practice-ready': Event;\n}\n`,
          async () => {
            for (const problem of [
              /<tavus-practice>: disabled is not described/,
              /<tavus-practice>: practice-begun is not in PracticeEventMap/,
              /dialog is not among the cssParts of any element/,
              /tips is not among the slots of any element/,
              /--tavus-practice-ink is not among the cssProperties of any element/,
              /practice-ready is in PracticeEventMap, but no element says when it fires/,
            ])
              await assert.rejects(check('described', root), problem);
          },
        ),
      ),
    );
  });

  for (const [what, code] of [
    ['the clock', 'export const now = Date.now();'],
    ['a new Date', 'export const now = new Date();'],
    ['a timer', 'setTimeout(() => undefined, 1);'],
    ['the network', `export const answer = globalThis.fetch('/');`],
    ['a database', `export const request = indexedDB.open('x');`],
    ['chance', 'export const chance = Math.random();'],
  ] as const)
    it(`stop client code that reaches for ${what}`, async () => {
      assert.match(String(await lint('src/client/session-runner.ts', code)), /The outside world is handed in/);
      assert.deepEqual(await lint('src/client/environment.ts', code), []);
    });

  async function add(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  async function withFile(path: string, text: string, body: () => Promise<unknown>): Promise<void> {
    await add(path, text);
    await body();
    await rm(join(root, path));
  }
});
