import { createPracticeBackend, readSettings } from '../server/index.js';
import { log, openStore, secretOf, SIMULATOR_KEY, simulatorPort } from './practice-environment.js';

/** `tavus-practice sweep`: one clean-up pass over what is due now, orphans included. */
export async function sweep(): Promise<void> {
  const settings = readSettings(process.env);
  if (settings.tavus.apiKey === null) {
    settings.tavus.apiKey = SIMULATOR_KEY;
    settings.tavus.apiUrl = `http://127.0.0.1:${simulatorPort(settings)}`;
  }
  const store = await openStore(settings);
  try {
    const { sweeper } = createPracticeBackend({ settings, store, secret: secretOf(settings), log });
    const sessions = await sweeper.sweep();
    const orphans = await sweeper.sweepOrphans();
    console.log(`${sessions} sessions looked after, ${orphans} orphans ended`);
  } finally {
    await store.close();
  }
}
