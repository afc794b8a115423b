import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { messages as english } from '../../../src/elements/locales/en.js';
import { loadTexts } from '../../../src/elements/locales/load-texts.js';

const FOLDER = 'src/elements/locales';
const NOT_TABLES = ['en-launcher.ts', 'language.ts', 'load-texts.ts', 'messages.ts'];
const tables = readdirSync(FOLDER).filter((file) => !NOT_TABLES.includes(file));
const tags = tables.map((file) => file.replace('.ts', ''));
const keys = Object.keys(english);

/** Every language the product promises. */
const PROMISED = 'en es fr de pt-BR nl it sv pl tr ru uk ja ko zh-Hans zh-Hant ar he fa hi'.split(' ');

const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('The tables of texts', () => {
  it('are there for every language that is promised', () => {
    assert.deepEqual(tags.sort(), [...PROMISED].sort());
  });

  for (const tag of tags) {
    describe(tag, () => {
      it('is what a page in that language gets', async () => {
        const { language, messages } = await loadTexts(tag, false);
        const { messages: own } = (await import(`../../../${FOLDER}/${tag}.ts`)) as { messages: typeof english };
        assert.equal(language.tag, tag);
        assert.equal(messages, own);
      });

      it('has every text and no other', async () => {
        const { messages } = await loadTexts(tag, false);
        assert.deepEqual(Object.keys(messages).sort(), [...keys].sort());
        for (const [key, text] of Object.entries(messages)) assert.match(text, /\S/, key);
      });

      it('leaves a place for every value', async () => {
        const { messages } = await loadTexts(tag, false);
        for (const [key, text] of Object.entries(english)) {
          assert.deepEqual(holes(messages[key as keyof typeof messages]), holes(text), key);
        }
      });

      it('is translated', async () => {
        if (tag === 'en') return;
        const { messages } = await loadTexts(tag, false);
        const same = Object.entries(english).filter(([key, text]) => messages[key as keyof typeof messages] === text);
        // A few words are the same in both: “Pause”, “Live”.
        assert.ok(same.length <= 6, `as in English: ${same.map(([key]) => key).join(', ')}`);
      });

      it('has no stray blanks', async () => {
        const { messages } = await loadTexts(tag, false);
        for (const [key, text] of Object.entries(messages)) assert.doesNotMatch(text, /^\s|\s$|\s{2}/, key);
      });
    });
  }
});
