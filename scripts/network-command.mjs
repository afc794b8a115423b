/**
 * Takes the page's network away and brings it back:
 *   await executeServerCommand('set-offline', { offline: true })
 * Chromium's plain offline mode would cut the runner's own socket as well, so there only HTTP is refused.
 */
export const networkCommand = {
  name: 'set-offline',
  async executeCommand({ command, payload: { offline } = {}, session }) {
    if (command !== 'set-offline') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (!page) throw new Error(`set-offline does not work in ${session.browser.name}`);
    if (session.browser.name === 'Firefox') await page.setOfflineMode(offline);
    else await setChromiumOffline(page, offline);
    return true;
  },
};

const devtools = new WeakMap();

async function setChromiumOffline(page, offline) {
  if (!devtools.has(page)) devtools.set(page, await page.createCDPSession());
  const cdp = devtools.get(page);
  const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await cdp.send('Network.enable');
  await cdp.send('Network.overrideNetworkState', { offline, ...unlimited });
  await cdp.send('Network.emulateNetworkConditionsByRule', {
    offline,
    matchedNetworkConditions: offline ? [{ urlPattern: 'http*://*:*/*', offline: true, ...unlimited }] : [],
  });
}
