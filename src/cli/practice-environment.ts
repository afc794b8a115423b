import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { openSqliteStore, SettingsError, type SessionStore, type Settings } from '../server/index.js';

/** Opens the store that `DATABASE_URL` names. */
export async function openStore({ databaseUrl }: Settings): Promise<SessionStore> {
  const path = databasePath(databaseUrl);
  try {
    return await openSqliteStore(path);
  } catch (cause) {
    throw new SettingsError(
      'DATABASE_URL',
      `cannot be opened at ${path}: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

/** `PRACTICE_SECRET`, or one made once and kept beside the SQLite file, readable for its owner only. */
export function secretOf({ secret, databaseUrl }: Settings): string {
  if (secret !== null) return secret;
  const path = databasePath(databaseUrl);
  if (path === ':memory:') return randomBytes(32).toString('hex');
  const file = `${path}.secret`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    // Of several processes that start at once, one makes it and all read it.
    writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  return readFileSync(file, 'utf8').trim();
}

/** The key the simulator takes when there is no real one. */
export const SIMULATOR_KEY = 'simulated';

/** Where the simulated Tavus listens: beside the backend unless told otherwise. */
export function simulatorPort({ port }: Settings): number {
  const given = process.env['PRACTICE_SIMULATOR_PORT']?.trim();
  if (!given) return port === 0 ? 0 : port + 1;
  if (!/^\d{1,5}$/.test(given) || Number(given) > 65535)
    throw new SettingsError(
      'PRACTICE_SIMULATOR_PORT',
      `has to be a whole number from 0 to 65535, not ${JSON.stringify(given)}`,
    );
  return Number(given);
}

/** One JSON line per event. */
export const log = (entry: Record<string, unknown>): void =>
  console.error(JSON.stringify({ at: new Date().toISOString(), ...entry }));

function databasePath(databaseUrl: string): string {
  const path = databaseUrl.slice('sqlite:'.length);
  return path === ':memory:' ? path : resolve(path);
}
