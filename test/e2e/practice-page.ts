import type { Locator, Page } from '@playwright/test';
import { expect, type PracticeServer } from './serve-fixture.js';

/** What one conversation would have cost, as the simulated Tavus counts. Moments are ms since 1970. */
export interface BilledConversation {
  id: string;
  createdAt: number;
  endedAt: number | null;
  seconds: number;
  reason: string | null;
  terms: Record<string, unknown>;
  joins: unknown[];
}

/** A page with the element in it, and what its learner does there. */
export class PracticePage {
  readonly page: Page;
  readonly #server: PracticeServer;

  constructor(page: Page, server: PracticeServer) {
    this.page = page;
    this.#server = server;
  }

  part(name: string): Locator {
    return this.page.locator(`tavus-practice [part~="${name}"]`);
  }

  get element(): Locator {
    return this.page.locator('tavus-practice').first();
  }

  async is(state: string, timeout = 10_000): Promise<void> {
    await expect(this.element).toHaveAttribute('state', state, { timeout });
  }

  async says(text: string | RegExp): Promise<void> {
    await expect(this.element).toContainText(text);
  }

  async open(): Promise<void> {
    await this.part('launcher').click();
    await expect(this.part('dialog')).toBeVisible();
  }

  /** From the launcher into a running conversation whose room has been joined. */
  async start(): Promise<void> {
    await this.open();
    await this.part('confirm-button').click();
    await this.is('live');
    await expect.poll(async () => (await this.billed()).at(-1)?.joins.length).toBe(1);
  }

  async billed(): Promise<BilledConversation[]> {
    return (await this.#ledger()).conversations;
  }

  /** How often Tavus was asked for a conversation. */
  async creates(): Promise<number> {
    return (await this.#ledger()).calls.filter(({ call }) => call === 'create').length;
  }

  /** Switches on what goes wrong at Tavus. */
  async tavusFails(...faults: object[]): Promise<void> {
    const response = await fetch(`${this.#server.simulatorUrl}/_simulator/faults`, {
      method: 'PUT',
      body: JSON.stringify({ faults }),
    });
    expect(response.ok).toBe(true);
  }

  async #ledger(): Promise<{ conversations: BilledConversation[]; calls: { call: string }[] }> {
    const response = await fetch(`${this.#server.simulatorUrl}/_simulator/ledger`);
    return (await response.json()) as { conversations: BilledConversation[]; calls: { call: string }[] };
  }
}
