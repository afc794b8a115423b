import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './gallery-fixture.js';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const DESK = { width: 1080, height: 760 };
const PHONE = { width: 375, height: 740 };
/** 1280 × 1024 at 400 %. */
const NARROW = { width: 320, height: 560 };

/** What is wrong with the controls of the surface: too small, or out of reach even by scrolling. */
const unusable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('tavus-practice')!.shadowRoot!;
    const controls = [...root.querySelectorAll<HTMLElement>('.surface :is(button, a, input, textarea)')];
    return controls
      .filter((control) => control.checkVisibility() && !control.closest('[inert]'))
      .flatMap((control) => {
        control.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { x, y, width, height } = control.getBoundingClientRect();
        const hit = root.elementFromPoint(x + width / 2, y + height / 2);
        const name = control.getAttribute('aria-label') ?? control.textContent?.trim();
        if (Math.min(width, height) < 24) return [`${name}: ${width} × ${height}`];
        return hit && (control.contains(hit) || hit.contains(control)) ? [] : [`${name}: out of reach`];
      });
  });

/** What is wider than its place: a learner would have to scroll in two directions, or never see it. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('tavus-practice')!.shadowRoot!;
    const everything = [document.documentElement, ...root.querySelectorAll<HTMLElement>('.surface, .surface *')];
    return everything
      .filter((element) => element.checkVisibility() && !element.closest('.spoken') && element.clientWidth > 0)
      .filter((element) => element === document.documentElement || getComputedStyle(element).overflowX !== 'visible')
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map(
        (element) =>
          `<${element.localName} class="${element.className}"> ${element.scrollWidth} > ${element.clientWidth}`,
      );
  });

/** How the surface may be shown, beyond the plain dialog and inline that views.test.ts shows to axe. */
const looks = {
  'in the dark': { viewport: DESK, look: { theme: 'dark' } },
  'on a phone, inline, from right to left': { viewport: PHONE, look: { lang: 'ar', display: 'inline' } },
};
for (const [name, { viewport, look }] of Object.entries(looks)) {
  test.describe(name, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });

    test(`axe finds nothing ${name} in any state`, async ({ page, gallery }) => {
      test.slow();
      const found: string[] = [];
      await gallery.each(look, async (state) => {
        const { violations } = await new AxeBuilder({ page })
          .withTags(WCAG)
          .setLegacyMode(true)
          .exclude('iframe')
          .analyze();
        found.push(...violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes[0]?.html}`));
      });
      expect(found).toEqual([]);
    });
  });
}

for (const [name, { viewport, look }] of Object.entries({
  'on a desk': { viewport: DESK, look: {} },
  'on a phone': { viewport: PHONE, look: {} },
  'at 320 pixels': { viewport: NARROW, look: {} },
  'at 320 pixels, from right to left': { viewport: NARROW, look: { lang: 'ar' } },
  'at 320 pixels, inline': { viewport: NARROW, look: { display: 'inline' } },
  'with text at 200 %': { viewport: DESK, look: { text: '200' } },
  'with text at 200 %, inline': { viewport: DESK, look: { text: '200', display: 'inline' } },
})) {
  test.describe(name, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });

    test(`nothing is lost or has to be scrolled sideways ${name}, and every control is 24 pixels and in reach`, async ({
      page,
      gallery,
    }) => {
      const wrong: string[] = [];
      await gallery.each(look, async (state) => {
        for (const fault of [...(await tooWide(page)), ...(await unusable(page))]) wrong.push(`${state}: ${fault}`);
      });
      expect(wrong).toEqual([]);
    });
  });
}

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing moves in any state', async ({ page, gallery }) => {
    const moving: string[] = [];
    await gallery.each({}, async (state) => {
      const running = await page.evaluate(() =>
        document
          .querySelector('tavus-practice')!
          .shadowRoot!.getAnimations()
          .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'transition')),
      );
      moving.push(...running.map((name) => `${state}: ${name}`));
    });
    expect(moving).toEqual([]);
  });
});

test.describe('with forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active', reducedMotion: 'reduce' } });

  test('every control and every box keeps an edge that can be seen', async ({ page, gallery }) => {
    const edgeless: string[] = [];
    await gallery.each({}, async (state) => {
      const found = await page.evaluate(() => {
        const root = document.querySelector('tavus-practice')!.shadowRoot!;
        const edged = root.querySelectorAll<HTMLElement>(
          '.surface, .surface :is(button, textarea, a, .notice, .card, .facts)',
        );
        return [...edged]
          .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== 'none')
          .filter((element) => {
            const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(element);
            const { backgroundColor } = getComputedStyle(element.parentElement ?? document.body);
            return borderTopStyle === 'none' || parseFloat(borderTopWidth) < 1 || borderTopColor === backgroundColor;
          })
          .map((element) => `<${element.localName} class="${element.className}">`);
      });
      edgeless.push(...found.map((fault) => `${state}: ${fault}`));
    });
    expect([...new Set(edgeless)]).toEqual([]);
  });
});
