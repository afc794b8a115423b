import type { Environment, TabChannel } from '../../src/client/environment.js';
import type { VirtualEnvironment } from './virtual-environment.js';

/** One page of a virtual browser, which can be gone from one moment to the next. */
export interface VirtualPage extends Environment {
  /** Nothing here happens any more, and nobody is told. */
  crash(): void;
}

export function virtualPage(world: VirtualEnvironment): VirtualPage {
  let alive = true;
  const channels = new Set<TabChannel>();
  const here =
    <A extends unknown[]>(run: (...args: A) => void) =>
    (...args: A): void => {
      if (alive) run(...args);
    };
  return {
    now: () => world.now(),
    monotonic: () => world.monotonic(),
    setTimer: (milliseconds, callback) => world.setTimer(milliseconds, here(callback)),
    fetch: (url, init) => new Promise((resolve, reject) => world.fetch(url, init).then(here(resolve), here(reject))),
    randomUUID: () => world.randomUUID(),
    random: () => world.random(),
    onLifecycle: (listener) => world.onLifecycle(here(listener)),
    isVisible: () => world.isVisible(),
    pageTitle: () => world.pageTitle(),
    openChannel(onMessage) {
      const channel = world.openChannel(here(onMessage));
      if (channel) channels.add(channel);
      return channel;
    },
    indexedDB: () => world.indexedDB(),
    isOnline: () => world.isOnline(),
    checkPage: () => world.checkPage(),
    userAgent: world.userAgent,
    deviceType: world.deviceType,
    crash() {
      alive = false;
      for (const channel of channels) channel.close();
    },
  };
}
