import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import '../../src/index.js';
import type { PracticeFailedEvent, TavusPractice, TavusPracticeConfig } from '../../src/index.js';
import { BACKEND, COURSE, launcher, openDialog, part, requests } from './fixtures/practice-element.js';

const inside = (config: TavusPracticeConfig): TavusPractice[] => [...config.querySelectorAll('tavus-practice')];

async function configured(): Promise<{ config: TavusPracticeConfig; practices: TavusPractice[] }> {
  const config: TavusPracticeConfig = await fixture(html`
    <tavus-practice-config backend=${BACKEND}>
      <p><tavus-practice course-id=${COURSE}></tavus-practice></p>
      <tavus-practice course-id=${COURSE}></tavus-practice>
    </tavus-practice-config>
  `);
  const practices = inside(config);
  await Promise.all(practices.map(({ updateComplete }) => updateComplete));
  return { config, practices };
}

describe('<tavus-practice-config>', () => {
  it('sets up every element inside it', async () => {
    const { practices } = await configured();
    for (const practice of practices) expect(launcher(practice).disabled).to.equal(false);
    await openDialog(practices[0] as TavusPractice);
    expect(requests()).to.include(`${BACKEND}/courses/${COURSE}`);
  });

  it('takes no room of its own', async () => {
    const { config } = await configured();
    expect(getComputedStyle(config).display).to.equal('contents');
  });

  it('gives way to what an element says itself', async () => {
    const { config, practices } = await configured();
    const [practice] = practices as [TavusPractice];
    config.messages = { launch: 'Üben', retry: 'Nochmal' };
    practice.messages = { launch: 'Sprechen üben' };
    await waitUntil(() => launcher(practice).innerText.trim() === 'Sprechen üben');
    await waitUntil(() => launcher(practices[1] as TavusPractice).innerText.trim() === 'Üben');
  });

  it('reaches an element when it is set up late, or changed', async () => {
    const { config, practices } = await configured();
    const [practice] = practices as [TavusPractice];
    const failed = oneEvent(practice, 'practice-failed');
    config.backend = 'ftp://nowhere';
    expect(((await failed) as unknown as PracticeFailedEvent).code).to.equal('invalid_configuration');
    await waitUntil(() => launcher(practice).disabled);
    config.backend = BACKEND;
    await waitUntil(() => !launcher(practice).disabled);
    expect(part(practice, 'error')).to.equal(null);
  });

  it('reaches an element that is added later, and no longer one that has been moved out', async () => {
    const { config } = await configured();
    const late = document.createElement('tavus-practice');
    late.courseId = COURSE;
    config.append(late);
    await late.updateComplete;
    expect(launcher(late).disabled).to.equal(false);

    const failed = oneEvent(late, 'practice-failed');
    document.body.append(late);
    expect(((await failed) as unknown as PracticeFailedEvent).code).to.equal('invalid_configuration');
    late.remove();
  });

  it('hands its token provider and headers to the elements', async () => {
    const { config, practices } = await configured();
    let asked = 0;
    config.tokenProvider = () => `token-${++asked}`;
    await config.updateComplete;
    await openDialog(practices[1] as TavusPractice);
    expect(asked).to.be.greaterThan(0);
  });
});
