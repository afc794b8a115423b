import type { Environment, LifecycleEvent } from '../../src/client/environment.js';
import type {
  Announcement,
  Intent,
  PracticeConfig,
  PracticeRunner,
  PracticeState,
} from '../../src/client/practice-state.js';
import { createSessionRunner } from '../../src/client/session-runner.js';
import type { StorageFault } from '../fakes/virtual-indexed-db.js';
import type { Browser } from './browser.js';
import { RoomVisit } from './room-visit.js';

/** What a learner may do next, given what they see. */
type Move = (roll: number) => void;

/** Something a learner does, whatever they see. */
export type Deed = 'open' | 'confirm' | 'resume' | 'pause' | 'finish' | 'dismiss' | 'leave' | 'rejoin' | 'retry';

/**
 * One page with one element in it: the real client over a simulated browser, and a learner in front of it
 * who does sensible things at odd moments.
 */
export class Tab {
  readonly learner: string;
  /** Never the same twice in a world. */
  readonly id: number;
  readonly #browser: Browser;
  readonly #listeners = new Set<(event: LifecycleEvent) => void>();
  readonly #runner: PracticeRunner;
  #alive = true;
  readonly #storage;
  /** The learner is pressing something. */
  #clicking = false;
  /** Milliseconds the monotonic clock stood still; on every other page it does not. */
  #stoodStill = 0;
  /** What happens now was done by a script of the host, not by a person. */
  #byScript = false;
  #visible = true;
  /** Woken at this moment; timers that come due in sleep fire then. */
  #sleepsUntil = 0;
  #room: RoomVisit | null = null;

  constructor(browser: Browser, learner: string) {
    this.#browser = browser;
    this.#storage = browser.databases.page(() => this.#die());
    this.#storage.fault = browser.storage;
    this.learner = learner;
    this.id = browser.nextPage();
    const config = (): PracticeConfig => ({
      backend: 'http://localhost:8787/api/practice',
      courseId: browser.courseId,
      credentials: 'same-origin',
      confirmation: true,
      timeLimit: true,
      offlineQueue: true,
    });
    const hear = (announcement: Announcement): void => this.#hear(announcement);
    this.#runner = createSessionRunner(this.#environment(), config, hear);
    this.#runner.subscribe((state) => this.#follow(state));
    browser.time.after(browser.random.whole(100, 1500), () => this.#alive && void this.#runner.comeBack());
  }

  get alive(): boolean {
    return this.#alive;
  }

  get state(): PracticeState {
    return this.#runner.getState();
  }

  get pending(): number {
    return this.#runner.pending;
  }

  /** @param roll 0–1: which of the sensible things */
  act(roll: number): void {
    if (!this.#alive || this.#browser.time.now < this.#sleepsUntil) return;
    const moves = this.#moves();
    const place = Math.min(moves.length - 1, Math.floor(roll * moves.length));
    moves[place]?.((roll * moves.length) % 1);
  }

  /** One thing, whether or not it makes sense at this moment. */
  say(deed: Deed): void {
    if (!this.#alive || this.#browser.time.now < this.#sleepsUntil) return;
    if (deed === 'resume') this.#resume();
    else if (deed === 'confirm') this.#confirm();
    else if (deed === 'finish') this.#runner.dispatch({ type: 'finish', accuracyScore: 80 });
    else this.#runner.dispatch({ type: deed });
  }

  #confirm(): void {
    this.#runner.dispatch({ type: 'confirm', gesture: { isTrusted: true } as Event });
  }

  #resume(): void {
    this.#clicking = true;
    this.#runner.dispatch({ type: 'resume', gesture: { isTrusted: true } as Event });
    this.#clicking = false;
  }

  #moves(): Move[] {
    const state = this.state;
    const say = (intent: Intent) => () => this.#runner.dispatch(intent);
    const confirm = () => this.#confirm();
    const resume = () => this.#resume();
    const scriptedConfirm = () => {
      this.#byScript = true;
      this.#runner.dispatch({ type: 'confirm', gesture: { isTrusted: false } as Event });
      this.#byScript = false;
    };
    if (!state.open) return [say({ type: 'open' })];
    switch (state.phase) {
      case 'confirming':
        return state.session
          ? [say({ type: 'rejoin' }), say({ type: 'finish' }), say({ type: 'dismiss' }), say({ type: 'retry' })]
          : [
              confirm,
              confirm,
              confirm,
              () => (confirm(), confirm()),
              scriptedConfirm,
              say({ type: 'dismiss' }),
              say({ type: 'retry' }),
            ];
      case 'starting':
        return [say({ type: 'stay' }), say({ type: 'stay' }), say({ type: 'stay' }), say({ type: 'dismiss' })];
      case 'live':
        if (state.askingToLeave) return [say({ type: 'stay' }), say({ type: 'leave' })];
        return [
          say({ type: 'stay' }),
          say({ type: 'stay' }),
          say({ type: 'pause' }),
          say({ type: 'dismiss' }),
          say({ type: 'finish' }),
          (roll) => this.#runner.dispatch({ type: 'finish', accuracyScore: Math.round(roll * 100) }),
        ];
      case 'paused':
        return [
          resume,
          resume,
          () => (resume(), resume()),
          say({ type: 'finish' }),
          say({ type: 'dismiss' }),
          say({ type: 'retry' }),
        ];
      case 'queued':
        return [say({ type: 'stay' }), say({ type: 'stay' }), say({ type: 'dismiss' }), say({ type: 'retry' })];
      case 'failed':
        return [say({ type: 'retry' }), say({ type: 'dismiss' })];
      default:
        return [say({ type: 'dismiss' }), say({ type: 'retry' })];
    }
  }

  /** The page goes away as browsers let it: it may still say goodbye. */
  close(): void {
    if (!this.#alive) return;
    this.#emit({ type: 'hidden' });
    this.#emit({ type: 'pagehide' });
    this.#die();
  }

  /** The page is gone without a word. */
  crash(): void {
    if (this.#alive) this.#die();
  }

  hide(): void {
    if (this.#alive && this.#visible) this.#emit({ type: 'hidden' });
  }

  show(): void {
    if (this.#alive && !this.#visible) this.#emit({ type: 'visible' });
  }

  /** Into the back/forward cache, and out of it after so many ms. */
  goBackAndForth(milliseconds: number): void {
    if (!this.#alive) return;
    this.#emit({ type: 'hidden' });
    this.#emit({ type: 'pagehide' });
    this.sleep(milliseconds);
    this.#browser.time.after(milliseconds, () => {
      if (!this.#alive) return;
      this.#emit({ type: 'pageshow', persisted: true });
      this.#emit({ type: 'visible' });
    });
  }

  /** The machine sleeps: nothing here runs until it wakes. */
  sleep(milliseconds: number): void {
    const { time } = this.#browser;
    const slept = Math.max(this.#sleepsUntil, time.now);
    this.#sleepsUntil = Math.max(slept, time.now + milliseconds);
    const more = this.#sleepsUntil - slept;
    if (this.id % 2 === 0) time.at(this.#sleepsUntil, () => (this.#stoodStill += more));
  }

  connection(online: boolean): void {
    if (this.#alive) this.#emit({ type: online ? 'online' : 'offline' });
  }

  setStorage(fault: StorageFault): void {
    this.#storage.fault = fault;
  }

  /** The next time it writes something down, this page is gone: before it is there, or before the page hears of it. */
  dieInTransaction(when: 'before-commit' | 'after-commit'): void {
    if (this.#alive) this.#storage.diesAt = when;
  }

  /** The learner logs out here. Nothing of theirs that was kept before may be left, where the browser lets go of it. */
  async forget(): Promise<void> {
    if (!this.#alive) return;
    const browser = this.#browser;
    const before = new Set(browser.databases.dump());
    browser.loggingOut++;
    let wasSound = browser.storage === 'none';
    await this.#runner.forget();
    browser.loggingOut--;
    wasSound &&= browser.storage === 'none';
    const name = this.state.offer?.learner;
    if (!wasSound || name === undefined || !this.#alive) return;
    for (const row of browser.databases.rowsOf(name))
      if (before.has(row)) browser.listener.leftBehind(`${this.learner} logged out, and facts stayed behind`);
  }

  #emit(event: LifecycleEvent): void {
    if (event.type === 'visible' || event.type === 'hidden') this.#visible = event.type === 'visible';
    for (const listener of this.#listeners) listener(event);
  }

  #die(): void {
    this.#alive = false;
    this.#storage.kill();
    this.#room?.leave();
    this.#room = null;
  }

  #hear(announcement: Announcement): void {
    if (announcement.type === 'practice-confirmed' && !this.#byScript)
      this.#browser.listener.confirmed(this.learner, announcement.sessionId, this.state.offer);
    this.#browser.listener.announced(this, announcement);
  }

  /** The frame is where the state says. */
  #follow({ join }: PracticeState): void {
    if (this.#room && this.#room.url !== join?.url) {
      this.#room.leave();
      this.#room = null;
    }
    if (join && this.#alive)
      this.#room ??= new RoomVisit(this.#browser, join, () => this.#runner.dispatch({ type: 'frame-loaded' }));
  }

  #environment(): Environment {
    const { time, random } = this.#browser;
    const began = time.now;
    /** Runs in this page only while it lives and is awake. */
    const here = (run: () => void): void => {
      if (!this.#alive) return;
      if (time.now < this.#sleepsUntil) time.at(this.#sleepsUntil, () => here(run));
      else run();
    };
    return {
      now: () => time.now + this.#browser.clockError,
      monotonic: () => time.now - began - this.#stoodStill,
      setTimer: (milliseconds, callback) => {
        let wanted = true;
        const cancel = time.after(milliseconds, () => here(() => wanted && callback()));
        return () => {
          wanted = false;
          cancel();
        };
      },
      fetch: (url, init) =>
        new Promise((resolve, reject) => {
          init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
          if (!this.#alive) return;
          const [, runId] = (init.method === 'PUT' && /\/runs\/([^/]+)$/.exec(url)) || [];
          if (runId !== undefined && this.#clicking)
            this.#browser.listener.confirmed(this.learner, runId, this.state.offer);
          this.#browser.send(this, url, init).then(
            (response) => here(() => resolve(response)),
            (cause: unknown) => here(() => reject(cause)),
          );
        }),
      randomUUID: () => random.uuid(),
      random: () => random.next(),
      onLifecycle: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      isVisible: () => this.#visible,
      pageTitle: () => `Page ${this.id}`,
      openChannel: (onMessage) => this.#browser.openChannel((message) => here(() => onMessage(message))),
      indexedDB: () => this.#storage.factory,
      isOnline: () => this.#browser.online,
      checkPage: async () => ({ obstacle: null, declined: false, keeps: true, address: '' }),
      userAgent: 'Simulated/1.0',
      deviceType: 'desktop',
    };
  }
}
