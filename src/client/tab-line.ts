import { delay } from './delay.js';
import type { Environment, TabChannel } from './environment.js';

/** What pages of one browser say to each other. `from`: a random name of the page that asks. */
type Message =
  | { type: 'where'; sessionId: string; from: string }
  | { type: 'here' | 'taken-over'; sessionId: string; title: string };

interface Question {
  from: string;
  /** Of the page that has answered. */
  title: string | null;
  /** Aborted with the answer. */
  found: AbortController;
  outcome: Promise<string | null | undefined>;
}

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
  /** Questions under way, by session. */
  readonly #questions = new Map<string, Question>();
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
  find(sessionId: string): Promise<string | null | undefined> {
    const known = this.#questions.get(sessionId);
    if (known) return known.outcome;
    const found = new AbortController();
    const question: Question = {
      from: this.#environment.randomUUID(),
      title: null,
      found,
      outcome: delay(this.#environment, ANSWER, found.signal).then(() => this.#close(sessionId, question)),
    };
    this.#questions.set(sessionId, question);
    this.#openOrClose();
    if (!this.#channel) found.abort();
    this.#say({ type: 'where', sessionId, from: question.from });
    return question.outcome;
  }

  #close(sessionId: string, { title }: Question): string | null | undefined {
    const couldAsk = this.#channel !== null;
    this.#questions.delete(sessionId);
    this.#openOrClose();
    return couldAsk ? title : undefined;
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
        if (question) question.title = message.title;
        return question?.found.abort();
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
