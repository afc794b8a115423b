import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

const COURSE = {
  id: 'spanish-101',
  title: 'Ordering tapas',
  palId: 'pal-1',
  recorded: true,
  consent: [
    { id: 'research', version: '1', text: 'My recording may be studied.', required: false },
    { id: 'recording', version: '2', text: 'My teacher may watch the recording.', required: true },
  ],
};

test.use({ settings: { PRACTICE_COURSES: JSON.stringify([COURSE]) } });

test('a start without a required consent leads to it by keyboard, and what was given is in the record', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.open();
  await learner.says('You are talking to an AI');
  await learner.says('The conversation is recorded.');
  const recording = page.getByRole('checkbox', { name: /watch the recording/ });
  await expect(recording).not.toBeChecked();
  await expect(learner.part('cancel-button')).toBeFocused();

  for (let presses = 0; presses < 2; presses++) {
    await learner.part('confirm-button').focus();
    await page.keyboard.press('Enter');
    await expect(recording).toBeFocused();
  }
  await expect(recording).toHaveAccessibleDescription(/agree to everything marked as required/);
  await learner.is('confirming');
  expect(await learner.creates()).toBe(0);

  await page.keyboard.press('Space');
  await expect(recording).toBeChecked();
  await expect(recording).toBeFocused();
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await learner.part('confirm-button').click();
  const { consent } = (await sent).postDataJSON() as { consent: { id: string; version: string }[] };
  expect(consent.map(({ id, version }) => [id, version])).toEqual([['recording', '2']]);
  await learner.is('live');
});

test('a new dialog asks afresh', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.open();
  const recording = page.getByRole('checkbox', { name: /watch the recording/ });
  await recording.check();
  await learner.part('cancel-button').click();
  await learner.open();
  await expect(recording).not.toBeChecked();
});
