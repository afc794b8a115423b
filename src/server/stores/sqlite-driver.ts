import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** The little of SQLite that the store uses, the same from both drivers. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown;
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

export type SqliteValue = string | number | null;

/**
 * Opens a database file, making its folder, with the runtime's own SQLite where there is one (Node 22.13
 * and newer) and `libsql` otherwise. Nothing is compiled.
 *
 * @param path a file, or `:memory:`
 */
export async function openSqlite(path: string): Promise<SqliteDatabase> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const Database = (await builtinSqlite()) ?? (await libsql());
  const database = new Database(path);
  // Commits survive a crash (FULL), readers and writers do not wait for each other (WAL). Patience comes first:
  // of two processes that make a new file, one has to wait for the other already there.
  for (const pragma of ['busy_timeout = 5000', 'journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    database.exec(`PRAGMA ${pragma}`);
  return database;
}

type DatabaseClass = new (path: string) => SqliteDatabase;

async function builtinSqlite(): Promise<DatabaseClass | null> {
  try {
    const name: string = 'node:sqlite';
    const module = (await import(name)) as { DatabaseSync: DatabaseClass };
    return module.DatabaseSync;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_UNKNOWN_BUILTIN_MODULE') return null;
    throw cause;
  }
}

async function libsql(): Promise<DatabaseClass> {
  try {
    const module = (await import('libsql')) as unknown as { default: DatabaseClass };
    return module.default;
  } catch (cause) {
    throw new Error('SQLite needs Node 22.13 or newer, or the package "libsql" on older ones: npm install libsql', {
      cause,
    });
  }
}

/** Whether another connection had the file at that moment. */
export const isBusy = (cause: unknown): boolean =>
  cause instanceof Error &&
  (('code' in cause && cause.code === 'SQLITE_BUSY') || ('errcode' in cause && cause.errcode === 5));
