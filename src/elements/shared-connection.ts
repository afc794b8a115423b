import { Connection } from '../client/connection.js';
import { browserEnvironment } from '../client/environment.js';
import { settingsOf } from './practice-settings.js';
import type { TavusPractice } from './tavus-practice.js';

/** By what the elements have in common, then by address. */
const connections = new WeakMap<object, Map<string, Connection>>();

/**
 * The connection of an element: one for all inside the same `<tavus-practice-config>`, and one for all of the page that
 * the browser alone identifies. An element with a token or headers of its own may speak for somebody else.
 */
export function sharedConnection(element: TavusPractice): Connection {
  const { backend, credentials } = settingsOf(element);
  const common = element.tokenProvider || element.headers ? element : (element.config ?? document);
  const byAddress = connections.get(common) ?? new Map<string, Connection>();
  connections.set(common, byAddress);
  const address = `${credentials} ${backend}`;
  const connection = byAddress.get(address) ?? new Connection(browserEnvironment());
  byAddress.set(address, connection);
  return connection;
}
