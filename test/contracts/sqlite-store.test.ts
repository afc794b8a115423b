import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openSqliteStore } from '../../src/server/index.js';
import { sessionStoreContract } from './session-store.js';

const folder = () => mkdtemp(join(tmpdir(), 'practice-store-'));

sessionStoreContract('an SQLite file', async () => {
  const path = await folder();
  return {
    connect: () => openSqliteStore(join(path, 'made', 'on the way', 'practice.db')),
    remove: () => rm(path, { recursive: true }),
  };
});

describe('An SQLite store', () => {
  it('in memory is one of its own each time', async () => {
    const [one, other] = [await openSqliteStore(':memory:'), await openSqliteStore(':memory:')];
    await one.transaction(async (transaction) => {
      const learner = await transaction.learner('ada');
      learner.current = 'x';
      await transaction.saveLearner(learner);
    });
    assert.equal((await other.transaction((transaction) => transaction.learner('ada'))).current, null);
    await one.close();
    await other.close();
  });

  it('that cannot be opened says so', async () => {
    const path = await folder();
    await writeFile(join(path, 'file'), 'no database');
    await assert.rejects(openSqliteStore(join(path, 'file', 'practice.db')));
    await assert.rejects(openSqliteStore(join(path, 'file')));
    await rm(path, { recursive: true });
  });
});
