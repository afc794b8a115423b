import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../scripts/chromium.mjs';

/**
 * node --import tsx bench/launchers.ts [--elements 1000] [--rounds 9]
 * What an element costs a page that has a thousand of them, beside a bare Lit element with a button: time until all are
 * drawn, and memory kept afterwards. Both are measured in turn, each in a page of its own; the figures are medians.
 */
const { values } = parseArgs({
  options: { elements: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '9' } },
});
const ELEMENTS = Number(values.elements);
const ROUNDS = Number(values.rounds);
const ORIGIN = 'http://localhost';

const BARE = `
  import { LitElement, css, html } from 'lit';
  customElements.define('bare-button', class extends LitElement {
    static styles = css\`button { padding: 8px 16px; border-radius: 8px; }\`;
    render() { return html\`<button type="button">Practice with AI</button>\`; }
  });`;

interface Subject {
  tag: string;
  script: string;
}

const bundle = await build({ stdin: { contents: BARE, resolveDir: '.' }, bundle: true, format: 'esm', write: false });
const bare: Subject = { tag: 'bare-button', script: bundle.outputFiles[0]?.text ?? '' };
const ours: Subject = {
  tag: 'tavus-practice',
  script: await readFile('dist/tavus-practice.js', 'utf8'),
};

const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: [...CHROMIUM_FLAGS, '--js-flags=--expose-gc', '--enable-precise-memory-info'],
});
const samples = { bare: [] as Cost[], ours: [] as Cost[] };
for (let round = 0; round < ROUNDS; round++) {
  samples.bare.push(await costOf(bare));
  samples.ours.push(await costOf(ours));
}
await browser.close();

for (const [what, unit] of [
  ['time', 'ms'],
  ['memory', 'kB'],
] as const) {
  const [base, own] = [median(samples.bare, what), median(samples.ours, what)];
  const each = (value: number): string => `${((value / ELEMENTS) * (what === 'time' ? 1000 : 1)).toFixed(1)}`;
  const small = what === 'time' ? 'µs' : unit;
  console.log(
    `${what} per element of ${ELEMENTS}: ${each(own)} ${small}, bare Lit button ${each(base)} ${small}: ${(own / base).toFixed(2)} times`,
  );
}

interface Cost {
  /** Milliseconds until all of them are drawn. */
  time: number;
  /** Kilobytes of the page's heap kept. */
  memory: number;
}

async function costOf({ tag, script }: Subject): Promise<Cost> {
  const page = await browser.newPage();
  await page.route('**/*', (route) => {
    const isScript = route.request().url().endsWith('/subject.js');
    const body = isScript ? script : '<!doctype html><html lang="en"><script type="module" src="/subject.js"></script>';
    return route.fulfill({ body, contentType: isScript ? 'text/javascript' : 'text/html' });
  });
  await page.goto(ORIGIN);
  await page.evaluate((name) => customElements.whenDefined(name), tag);
  const before = await heap(page);
  const time = await page.evaluate(
    async ([name, count]) => {
      const started = performance.now();
      const home = document.createElement('main');
      for (let index = 0; index < count; index++) {
        const element = document.createElement(name);
        element.setAttribute('backend', '/api/practice');
        element.setAttribute('course-id', `course-${index}`);
        home.append(element);
      }
      document.body.append(home);
      await (home.lastElementChild as HTMLElement & { updateComplete: Promise<unknown> }).updateComplete;
      home.getBoundingClientRect();
      return performance.now() - started;
    },
    [tag, ELEMENTS] as const,
  );
  const memory = (await heap(page)) - before;
  await page.close();
  return { time, memory: memory / 1024 };
}

/** Bytes in use after a collection: scripts' objects and, unlike `performance.memory`, the document's as well. */
async function heap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
  };
  await devtools.detach();
  return usedSize + embedderHeapUsedSize;
}

function median(costs: Cost[], what: keyof Cost): number {
  const sorted = costs.map((cost) => cost[what]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
