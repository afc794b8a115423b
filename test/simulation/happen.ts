import type { Tab } from './tab.js';
import { FAIR_WEATHER } from './tavus-link.js';
import { FAIR_WEB } from './web-link.js';
import type { Event } from './schedule.js';
import type { World } from './world.js';

const NONSENSE = 'http://localhost:8787/api/practice/webhooks/tavus/nonsense.nonsense';

/** Does to a world what its schedule says. */
export function happen(world: World, event: Event): void {
  const { time, web, link, tavus } = world;
  switch (event.type) {
    case 'act':
      return tabOf(world, event)?.act(event.roll);
    case 'say':
      return tabOf(world, event)?.say(event.move);
    case 'reload':
      return world.browsers[event.browser]?.load(event.tab);
    case 'sleep':
      return tabOf(world, event)?.sleep(event.length);
    case 'back-and-forth':
      return tabOf(world, event)?.goBackAndForth(event.length);
    case 'crash':
    case 'close':
    case 'hide':
    case 'show':
      return tabOf(world, event)?.[event.type]();
    case 'log-out':
      return void tabOf(world, event)?.forget();
    case 'die-in-transaction':
      return tabOf(world, event)?.dieInTransaction(event.when);
    case 'kill': {
      const server = world.servers[event.server];
      server?.kill();
      return void time.after(event.length, () => server?.start());
    }
    case 'web':
      web.weather = { ...FAIR_WEB, ...event.weather };
      return void time.after(event.length, () => (web.weather = FAIR_WEB));
    case 'tavus':
      link.weather = { ...FAIR_WEATHER, ...event.weather };
      return void time.after(event.length, () => (link.weather = FAIR_WEATHER));
    case 'fault':
      return tavus.addFault(event.fault);
    case 'replay':
      return web.replay(event.roll, event.trick, world.random.uuid());
    case 'callbacks':
      return tavus.deliver(event.mode);
    case 'forged-callback': {
      const url = tavus.callbackUrls[Math.floor(event.roll * tavus.callbackUrls.length)] ?? NONSENSE;
      return void world.callBack(url).catch(() => undefined);
    }
    default:
      return happenToBrowser(world, event);
  }
}

type BrowserEvent = Extract<Event, { type: 'offline' | 'clock' | 'switch' | 'storage' | 'evict' | 'break-storage' }>;

function happenToBrowser(world: World, event: BrowserEvent): void {
  const browser = world.browsers[event.browser];
  if (!browser) return;
  switch (event.type) {
    case 'offline':
      browser.setOnline(false);
      return void world.time.after(event.length, () => browser.setOnline(true));
    case 'clock':
      browser.clockError = event.error;
      return;
    case 'switch':
      return browser.switchTo(event.learner);
    case 'storage':
      browser.setStorage(event.fault);
      return void world.time.after(event.length, () => browser.setStorage('none'));
    case 'evict':
      world.facts.destroyed(event.browser);
      return browser.databases.evict();
    case 'break-storage':
      return browser.databases.breakConnections();
  }
}

/** Whoever does something in a page that is gone opens it anew first. */
function tabOf(world: World, { browser, tab }: { browser: number; tab: number }): Tab | undefined {
  const there = world.browsers[browser];
  if (!there) return undefined;
  if (!there.tabs[tab]?.alive) there.load(tab);
  return there.tabs[tab];
}
