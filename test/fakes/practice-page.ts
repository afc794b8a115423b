import assert from 'node:assert/strict';
import type { Announcement, PracticeConfig, PracticeState } from '../../src/client/practice-state.js';
import { PageMemory } from '../../src/client/session-memory.js';
import { createSessionRunner } from '../../src/client/session-runner.js';
import { ScriptedBackend } from './scripted-backend.js';
import { VirtualEnvironment } from './virtual-environment.js';
import { virtualPage } from './virtual-page.js';

/** Node cannot make a trusted event; this is what a click looks like from below. */
export const click = (): Event => ({ isTrusted: true }) as Event;

/** What pages of one browser share: the world around them, the backend, and what the browser remembers. */
export function browser() {
  const world = new VirtualEnvironment();
  return { world, backend: new ScriptedBackend(world), memory: new PageMemory() };
}

/** One element on one page, and a learner in front of it. */
export function practice(change: Partial<PracticeConfig> = {}, { world, backend, memory } = browser()) {
  const config: PracticeConfig = {
    backend: 'https://lms.example/api/practice',
    courseId: 'spanish-101',
    credentials: 'same-origin',
    confirmation: true,
    timeLimit: true,
    offlineQueue: true,
    ...change,
  };
  const told: Announcement[] = [];
  const environment = virtualPage(world);
  const runner = createSessionRunner(
    environment,
    () => config,
    (announcement) => told.push(announcement),
    memory,
  );
  const state = (): PracticeState => runner.getState();
  const heard = (): string[] => told.map(({ type }) => type).filter((type) => type !== 'practice-sync');
  const open = async (): Promise<void> => {
    runner.dispatch({ type: 'open' });
    await world.settle();
  };
  const confirm = async (): Promise<void> => {
    runner.dispatch({ type: 'confirm', gesture: click() });
    await world.settle();
  };
  const resume = async (): Promise<void> => {
    runner.dispatch({ type: 'resume', gesture: click() });
    await world.settle();
  };
  const goLive = async (): Promise<void> => {
    await open();
    await confirm();
    assert.equal(state().phase, 'live');
  };
  const goPaused = async (): Promise<void> => {
    await goLive();
    await world.advance(60_000);
    runner.dispatch({ type: 'pause' });
    await world.advance(1000);
    assert.equal(state().phase, 'paused');
  };
  const comeBack = async (): Promise<void> => {
    void runner.comeBack();
    await world.advance(500);
  };
  const factTypes = (): unknown[] => backend.facts.map((fact) => fact['type']);
  const session = () => [...backend.sessions.values()][0]!;
  return {
    ...{ world, backend, memory, config, told, runner, state, heard },
    ...{ open, confirm, resume, goLive, goPaused, comeBack, factTypes, session },
    /** The page is gone without a word: crashed, discarded, or killed with the browser. */
    crash: () => environment.crash(),
    /** Another page of the same browser. */
    another: (differently: Partial<PracticeConfig> = {}) =>
      practice({ ...config, ...differently }, { world, backend, memory }),
  };
}
