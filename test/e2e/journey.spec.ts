import type { Page } from '@playwright/test';
import { expect, test } from './serve-fixture.js';

interface LedgerEntry {
  createdAt: number;
  endedAt: number | null;
  seconds: number;
  terms: Record<string, unknown>;
  joins: unknown[];
}

const part = (page: Page, name: string) => page.locator(`tavus-practice [part~="${name}"]`);
const element = (page: Page) => page.locator('tavus-practice').first();
const state = (page: Page, name: string, timeout?: number) =>
  expect(element(page)).toHaveAttribute('state', name, timeout === undefined ? {} : { timeout });

const ledger = async (url: string): Promise<{ conversations: LedgerEntry[]; calls: { call: string }[] }> =>
  (await fetch(`${url}/_simulator/ledger`)).json() as never;

async function startPractice(page: Page): Promise<void> {
  await part(page, 'launcher').click();
  await part(page, 'confirm-button').click();
  await state(page, 'live');
}

test.describe('a learner with one conversation a day', () => {
  test('practises twice, and pays for two conversations and not a second more', async ({ page, practice }) => {
    await page.goto('/');
    for (const round of [1, 2]) {
      await part(page, 'launcher').click();
      await expect(part(page, 'confirm-button')).toBeEnabled();
      await expect(part(page, 'facts')).toContainText(String(4 - round));
      expect((await ledger(practice.simulatorUrl)).conversations).toHaveLength(round - 1);

      await part(page, 'confirm-button').click();
      await state(page, 'live');
      const room = page.frameLocator('tavus-practice iframe');
      await expect(room.locator('body')).toContainText('nobody is really there');
      await expect(part(page, 'timer')).toContainText(/\d:\d\d/);
      await expect.poll(async () => (await ledger(practice.simulatorUrl)).conversations.at(-1)?.joins.length).toBe(1);

      const finishedAt = Date.now();
      await part(page, 'finish-button').click();
      await state(page, 'completed');
      await expect(part(page, 'result')).toBeVisible();
      const { conversations } = await ledger(practice.simulatorUrl);
      const { endedAt, terms } = conversations.at(-1) as LedgerEntry;
      expect(endedAt).not.toBeNull();
      expect(Number(endedAt) - finishedAt).toBeLessThan(3000);
      expect(terms).toMatchObject({
        require_auth: true,
        max_participants: 3,
        // 600 s and one extension of 120 s, and the 15 s the answer may take.
        max_call_duration: 735,
        participant_absent_timeout: 300,
        participant_left_timeout: 30,
      });
      await page.reload();
    }
    const { conversations, calls } = await ledger(practice.simulatorUrl);
    expect(conversations).toHaveLength(2);
    expect(calls.filter(({ call }) => call === 'create')).toHaveLength(2);

    await part(page, 'launcher').click();
    await expect(page.locator('tavus-practice')).toContainText(/practi[sc]ed/i);
  });
});
