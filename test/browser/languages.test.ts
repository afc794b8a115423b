import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/index.js';
import type { TavusPractice } from '../../src/index.js';
import { BACKEND, COURSE, launcher, openDialog, part } from './fixtures/practice-element.js';

async function practiceIn(lang: string): Promise<TavusPractice> {
  const around: HTMLElement = await fixture(html`
    <div lang=${lang}><tavus-practice backend=${BACKEND} course-id=${COURSE}></tavus-practice></div>
  `);
  const element = around.querySelector('tavus-practice') as TavusPractice;
  await waitUntil(() => element.hasUpdated, 'the texts are here');
  return element;
}

describe('the language of the texts', () => {
  it('is that of the nearest ancestor, with its region', async () => {
    const element = await practiceIn('es-MX');
    expect(launcher(element).innerText.trim()).to.equal('Practicar con IA');
    expect(launcher(element).lang).to.equal('es-MX');
    expect(getComputedStyle(launcher(element)).direction).to.equal('ltr');
  });

  it('is the element’s own before that', async () => {
    const element = await practiceIn('es');
    element.lang = 'en-GB';
    await waitUntil(() => launcher(element).innerText.trim() === 'Practice with AI');
    expect(launcher(element).lang).to.equal('en-GB');
  });

  it('is looked for across shadow roots', async () => {
    const host: HTMLElement = await fixture(html`<div lang="es"></div>`);
    const inner = host.attachShadow({ mode: 'open' });
    const element = document.createElement('tavus-practice');
    inner.append(element);
    await waitUntil(() => element.hasUpdated && launcher(element).lang === 'es');
  });

  it('runs from right to left where it is written so', async () => {
    const element = await practiceIn('ar');
    expect(getComputedStyle(launcher(element)).direction).to.equal('rtl');
    await openDialog(element);
    expect(getComputedStyle(part(element, 'dialog') as HTMLElement).direction).to.equal('rtl');
    await expect(element).to.be.accessible();
  });

  it('follows the page when it changes, an open dialog included', async () => {
    const element = await practiceIn('en');
    await openDialog(element);
    (element.parentElement as HTMLElement).lang = 'es';
    await waitUntil(() => part(element, 'cancel-button')?.innerText === 'Ahora no');
    expect(element.state).to.equal('confirming');
  });

  for (const [wanted, spoken] of [
    ['zh-TW', 'zh-TW'],
    ['zh-Hans', 'zh-Hans'],
    ['pt-PT', 'pt-PT'],
    ['en_US', 'en'],
    ['tlh', 'en'],
    ['x', 'en'],
    ['', 'en'],
    ['<script>', 'en'],
  ] as const) {
    it(`is ${spoken} where the page says “${wanted}”`, async () => {
      const element = await practiceIn(wanted);
      expect(launcher(element).lang).to.equal(spoken);
    });
  }

  it('tells Traditional from Simplified Chinese by the region', async () => {
    const [taiwan, mainland] = [await practiceIn('zh-TW'), await practiceIn('zh-CN')];
    expect(launcher(taiwan).innerText).to.not.equal(launcher(mainland).innerText);
  });

  it('counts and dates in the page’s language where the host brings its own texts', async () => {
    const element = await practiceIn('eo');
    element.messages = { launch: 'Ekzerci' };
    await waitUntil(() => launcher(element).innerText.trim() === 'Ekzerci');
    await openDialog(element);
    expect(launcher(element).lang).to.equal('eo');
    expect(part(element, 'cancel-button')?.innerText).to.equal('Not now');
  });
});
