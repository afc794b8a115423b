import { expect, fixture, html } from '@open-wc/testing';
import { PracticeStage } from './fixtures/practice-stage.js';
import { practiceStates, type StateName } from './fixtures/practice-states.js';

/** What pages do to everything in them, all at once. */
const HOSTILE = `
  * { box-sizing: content-box; margin: 7px; padding: 7px; letter-spacing: 3px; text-transform: uppercase; float: left }
  button, input { all: unset; background: red }
  dialog { display: block; position: static; inline-size: 90px; background: red }
  h2, h3 { font-size: 50px; text-transform: uppercase; border-block-end: 9px solid red }
  p, dl, dd, ul, li, fieldset, label { margin: 40px; padding: 40px; line-height: 3 }
  a { color: red; text-decoration: underline wavy }
  svg { inline-size: 200px; fill: red }
  iframe { border: 20px solid red; max-block-size: 40px }
  header, footer, section { position: fixed; inset: 0; display: none }
  .surface, .actions, .primary, .row, .notice, .scroll, .card { display: none; background: red }
  :focus-visible { outline: 9px dotted red }
  [part] { display: none }
  :root { --_accent: red; --_surface: red; --_space: 40px; --_control: red }
`;
/** What goes down the tree by itself, and so is taken back by the element. */
const INHERITED = `body { letter-spacing: 3px; word-spacing: 9px; text-transform: uppercase; text-indent: 40px;
  text-align: right; white-space: pre; line-height: 3; cursor: wait; visibility: visible;
  list-style: square; border-collapse: collapse; text-shadow: 1px 1px red }`;

/** The page places the element itself as it likes. */
const PLACED =
  '.placed.placed { display: block; float: none; box-sizing: border-box; width: 600px; margin: 0; padding: 0 }';

const STATES: StateName[] = ['consent-missing', 'blocked-frame', 'live', 'asking-to-leave', 'paused', 'completed'];
/** The font is taken on purpose. Where the element lies, and how wide, is for the page to say. */
const FOR_THE_PAGE =
  /^font|^(min-|max-)?(inline|block)-size$|^(width|height)$|-origin$|^grid-template|^(inset|top|right|bottom|left)/;

describe('a page with styles of its own', () => {
  for (const display of ['dialog', 'inline']) {
    for (const [what, css] of Object.entries({ HOSTILE, INHERITED })) {
      it(`${what.toLowerCase()} styles change nothing of the surface, ${display}`, async () => {
        for (const state of STATES) {
          const page = await fixture<HTMLStyleElement>(html`<style></style>`);
          page.textContent = PLACED;
          const stage = await show(state, display);
          const before = looksOf(stage);
          page.textContent = css + PLACED;
          expect(differences(before, looksOf(stage)), state).to.deep.equal([]);
          page.remove();
          stage.remove();
        }
      });
    }
  }

  it('lends the surface its font and its colour scheme', async () => {
    const stage = await show('offer', 'dialog');
    const page = await fixture<HTMLStyleElement>(html`<style></style>`);
    page.textContent = 'html { color-scheme: dark; font-family: monospace }';
    const { fontFamily, colorScheme } = getComputedStyle(stage.renderRoot.querySelector('h2')!);
    expect([fontFamily, colorScheme]).to.deep.equal(['monospace', 'dark']);
    page.remove();
    stage.remove();
  });

  it('gets no style, no global and no element from the surface', async () => {
    const outside = await fixture<HTMLElement>(
      html`<div>
        <h2>Host</h2>
        <button class="primary">Host</button>
      </div>`,
    );
    const known = Object.keys(globalThis);
    const sheets = document.adoptedStyleSheets.length + document.styleSheets.length;
    const children = document.body.childElementCount;
    const before = looksOf(outside);
    const stage = await show('live', 'dialog');
    expect(differences(before, looksOf(outside))).to.deep.equal([]);
    expect(Object.keys(globalThis)).to.deep.equal(known);
    expect(document.adoptedStyleSheets.length + document.styleSheets.length).to.equal(sheets);
    expect(document.body.childElementCount).to.equal(children + 1);
    stage.remove();
  });
});

async function show(state: StateName, display: string): Promise<PracticeStage> {
  const stage = new PracticeStage();
  stage.display = display;
  stage.className = 'placed';
  document.body.append(stage);
  stage.show(practiceStates[state]);
  await stage.updateComplete;
  return stage;
}

type Look = ReadonlyMap<string, string>;

/** Every computed property of every element inside. */
function looksOf(root: HTMLElement): ReadonlyMap<Element, Look> {
  const inside =
    root instanceof PracticeStage
      ? root.renderRoot.querySelectorAll('.surface, .surface *')
      : root.querySelectorAll('*');
  return new Map(
    [...inside].map((element) => {
      const style = getComputedStyle(element);
      return [element, new Map([...style].map((property) => [property, style.getPropertyValue(property)]))];
    }),
  );
}

function differences(before: ReadonlyMap<Element, Look>, after: ReadonlyMap<Element, Look>): string[] {
  return [...before].flatMap(([element, look]) =>
    [...look]
      .filter(([property, value]) => !FOR_THE_PAGE.test(property) && after.get(element)?.get(property) !== value)
      .map(
        ([property, value]) =>
          `<${element.localName} class="${element.getAttribute('class') ?? ''}"> ${property}: ${value} → ${after.get(element)?.get(property)}`,
      ),
  );
}
