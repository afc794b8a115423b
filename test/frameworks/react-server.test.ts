import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const VERSIONS = {
  'React 19': {},
  'React 18': { react: 'react-18', 'react-dom': 'react-dom-18' },
};

/** What a host's server would run. */
const PAGE = `
  import { createElement } from 'react';
  import { renderToString } from 'react-dom/server';
  import { TavusPractice, TavusPracticeConfig } from 'tavus-practice/react';
  export const draw = (props, ...children) => renderToString(createElement(TavusPractice, props, ...children));
  export const drawConfig = (props) => renderToString(createElement(TavusPracticeConfig, props));
`;

type Draw = (props: object, ...children: unknown[]) => string;

for (const [version, alias] of Object.entries(VERSIONS))
  describe(`On a server, the component of ${version}`, async () => {
    // Inside the package, where its own name and React are found.
    await mkdir('test-results', { recursive: true });
    const folder = await mkdtemp(join('test-results', 'react-'));
    after(() => rm(folder, { recursive: true }));
    const outfile = join(folder, 'page.mjs');
    const globals = Object.getOwnPropertyNames(globalThis);
    await build({
      stdin: { contents: PAGE, resolveDir: '.' },
      alias,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      // React itself is CommonJS and asks for Node's modules.
      banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
      define: { 'process.env.NODE_ENV': '"development"' },
    });
    const { draw, drawConfig } = (await import(pathToFileURL(outfile).href)) as { draw: Draw; drawConfig: Draw };

    it('leaves nothing in the globals', () => {
      assert.deepEqual(
        Object.getOwnPropertyNames(globalThis).filter((name) => !globals.includes(name)),
        [],
      );
    });

    it('draws the attributes, so that the element is whole before React has arrived', () => {
      assert.equal(
        draw({ backend: '/api/practice', courseId: 'spanish-101', ttl: 600, className: 'task', id: 'practice' }),
        '<tavus-practice backend="/api/practice" course-id="spanish-101" ttl="600" id="practice" class="task"></tavus-practice>',
      );
    });

    it('draws neither callbacks nor tables nor listeners', () => {
      const props = { tokenProvider: () => 'secret', messages: { title: 'x' }, tips: ['y'], onPracticeReady: () => {} };
      assert.equal(draw(props), '<tavus-practice></tavus-practice>');
      assert.equal(drawConfig({ headers: () => ({}) }), '<tavus-practice-config></tavus-practice-config>');
    });

    it('draws disabled only where it is', () => {
      assert.match(draw({ disabled: true }), /^<tavus-practice disabled="[^"]*"><\/tavus-practice>$/);
      assert.equal(draw({ disabled: false }), '<tavus-practice></tavus-practice>');
    });

    it('draws what is put into it', () => {
      assert.equal(draw({}, 'Practise'), '<tavus-practice>Practise</tavus-practice>');
    });

    it('does not complain', (t) => {
      const complaint = t.mock.method(console, 'error', () => {});
      draw({ backend: '/api/practice', courseId: 'spanish-101', disabled: true, className: 'task' });
      assert.equal(complaint.mock.callCount(), 0);
    });
  });
