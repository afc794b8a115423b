import { delay } from './delay.js';
import type { Environment, TabChannel } from './environment.js';

/** What pages of one browser say to each other. `from`: a random name of the page that asks. */
type Message =
  | { type: 'where'; sessionId: string; from: string }
  | { type: 'here' | 'taken-over'; sessionId: string; title: string };

/** Milliseconds in which another page of this browser answers. One that is frozen does not. */
const ANSWER = 200;

/**
 * The line to other pages of this browser: which of them is in a session, and who takes it over. Only the
 * server's word decides anything; this saves the learner a second face in the same room. The line is open
 * only while there is something to say, because an open one may keep a page out of the back/forward cache.
 */
export class TabLine {
  readonly #environment: Environment;
  readonly #onTakenOver: (sessionId: string, title: string) => void;
  /** Questions under way: what to do with the answer. */
  readonly #questions = new Map<string, { from: string; answered: (title: string) => void }>();
  #held: string | null = null;
  #channel: TabChannel | null = null;

  constructor(environment: Environment, onTakenOver: (sessionId: string, title: string) => void) {
    this.#environment = environment;
    this.#onTakenOver = onTakenOver;
  }

  /** The session this page is in, or on its way into; null for none. */
  hold(sessionId: string | null): void {
    if (sessionId === this.#held) return;
    this.#held = sessionId;
    this.#openOrClose();
  }

  /** This page is in the room from now on: one that still is leaves. */
  takeOver(sessionId: string): void {
    this.hold(sessionId);
    this.#say({ type: 'taken-over', sessionId, title: this.#environment.pageTitle() });
  }

  /**
   * Which other page is in a session, or on its way into it.
   *
   * @returns its title; null when none has answered; undefined where pages cannot be asked
   */
  async find(sessionId: string): Promise<string | null | undefined> {
    const from = this.#environment.randomUUID();
    const found = new AbortController();
    let title: string | null = null;
    const answered = (by: string): void => {
      title = by;
      found.abort();
    };
    this.#questions.set(sessionId, { from, answered });
    this.#openOrClose();
    const isOpen = this.#channel !== null;
    this.#say({ type: 'where', sessionId, from });
    if (isOpen) await delay(this.#environment, ANSWER, found.signal);
    if (this.#questions.get(sessionId)?.answered === answered) this.#questions.delete(sessionId);
    this.#openOrClose();
    return isOpen ? title : undefined;
  }

  #openOrClose(): void {
    const isNeeded = this.#held !== null || this.#questions.size > 0;
    if (isNeeded) {
      this.#channel ??= this.#environment.openChannel((message) => this.#hear(message as Message));
    } else {
      this.#channel?.close();
      this.#channel = null;
    }
  }

  #hear(message: Message): void {
    const { sessionId } = message;
    const question = this.#questions.get(sessionId);
    const isHeld = this.#held === sessionId;
    switch (message.type) {
      case 'here':
        return question?.answered(message.title);
      case 'taken-over':
        return isHeld ? this.#onTakenOver(sessionId, message.title) : undefined;
      case 'where': {
        // Of several pages that look for the same session one has to come first.
        const isFirst = question !== undefined && question.from < message.from;
        if (isHeld || isFirst) this.#say({ type: 'here', sessionId, title: this.#environment.pageTitle() });
      }
    }
  }

  #say(message: Message): void {
    this.#channel?.post(message);
  }
}
