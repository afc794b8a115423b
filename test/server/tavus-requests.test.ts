import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTavusRequests, TavusError } from '../../src/server/tavus-requests.js';
import { createTavus } from '../../src/server/tavus.js';
import { VirtualClock } from '../fakes/virtual-clock.js';

type Reply = { status?: number; body?: string; headers?: Record<string, string> } | 'reset';

/** Requests to a Tavus that answers one after the other what it is given, and the last of it for ever. */
function requests(...replies: Reply[]) {
  const clock = new VirtualClock();
  const asked: { at: number; method: string; path: string }[] = [];
  const began = clock.now;
  const told: string[] = [];
  const tested = createTavusRequests(
    { apiKey: 'k', apiUrl: 'https://tavus.example', timeout: 15, attempts: 3 },
    {
      now: () => clock.now,
      random: () => 0.5,
      newId: () => '',
      wait: (ms, signal) =>
        new Promise((resolve) => {
          const cancel = clock.at(clock.now + ms, resolve);
          signal?.addEventListener('abort', () => (cancel(), resolve()));
        }),
      async fetch(input, { method = 'GET' }) {
        asked.push({ at: (clock.now - began) / 1000, method, path: new URL(input).pathname });
        const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? {};
        if (reply === 'reset') throw new TypeError('fetch failed');
        return new Response(reply.body ?? '', { status: reply.status ?? 200, headers: reply.headers ?? {} });
      },
    },
    (what, state) => told.push(`${what} ${state}`),
  );
  /** What came of it, with all the time it takes. */
  const outcome = async <T>(work: Promise<T>): Promise<T | TavusError> => {
    const settled = work.catch((cause: TavusError) => cause);
    await clock.pass(60);
    return settled;
  };
  return { tested, clock, asked, told, outcome, replies };
}

const END = '/v2/conversations/c1/end';

describe('A request that may be repeated', () => {
  it('is, up to the attempts of one pass, with growing waits', async () => {
    const { tested, asked, outcome } = requests({ status: 503 });
    const failure = await outcome(tested.askAgain('POST', END));
    assert.ok(failure instanceof TavusError && failure.status === 503);
    assert.deepEqual(
      asked.map(({ at }) => at),
      [0, 0.1, 0.3],
    );
  });

  it('waits as long as Tavus asks', async () => {
    const { tested, asked, outcome } = requests({ status: 429, headers: { 'retry-after': '4' } }, {});
    const answer = await outcome(tested.askAgain('POST', END));
    assert.ok(!(answer instanceof Error));
    assert.deepEqual(
      asked.map(({ at }) => at),
      [0, 4.1],
    );
  });

  it('is left to the next pass when Tavus asks for more, in seconds or as a date', async () => {
    for (const [value, seconds] of [
      ['40', 40],
      ['Sun, 22 Nov 2026 10:00:50 GMT', 50],
      ['86400', 300],
    ] as const) {
      const { tested, asked, outcome } = requests({ status: 503, headers: { 'retry-after': value } });
      const failure = await outcome(tested.askAgain('POST', END));
      assert.ok(failure instanceof TavusError);
      assert.deepEqual([failure.retryAfter, asked.length], [seconds, 1]);
    }
  });

  it('is not when the budget is spent', async () => {
    const { tested, asked, outcome } = requests('reset');
    await outcome(Promise.allSettled(Array.from({ length: 100 }, () => tested.askAgain('POST', END))));
    assert.equal(asked.length, 100 + 10, 'every end once, and the ten retries saved up');
  });
});

describe('While Tavus fails', () => {
  it('nothing is read, but what has to end is asked for', async () => {
    const { tested, asked, told, outcome } = requests({ status: 500 });
    await outcome(Promise.allSettled([1, 2].map(() => tested.askAgain('POST', END))));
    assert.deepEqual(told, ['answering open']);
    const before = asked.length;
    assert.ok((await outcome(tested.askAgain('GET', '/v2/conversations'))) instanceof TavusError);
    assert.ok(asked.slice(before).length <= 1, 'one question at most finds out');
    const ends = asked.length;
    void tested.askAgain('POST', END).catch(() => undefined);
    assert.equal(asked.length, ends + 1);
  });

  it('no conversation is asked for until a read is answered', async () => {
    const { tested, clock, asked, outcome, replies } = requests('reset');
    await outcome(Promise.allSettled(Array.from({ length: 5 }, () => tested.ask('POST', '/v2/conversations', {}))));
    asked.length = 0;
    // The minute that has passed was long enough: many learners ask at once, one read finds out for all of them.
    const all = Promise.all(Array.from({ length: 20 }, () => tested.unready()));
    await clock.pass(1);
    assert.ok((await all).every((each) => each?.code === 'provider_unavailable' || each === null));
    assert.deepEqual(
      asked.map(({ method, path }) => `${method} ${path}`),
      ['GET /v2/conversations'],
    );
    replies.splice(0, 1, { status: 500 });
    await outcome(Promise.allSettled(Array.from({ length: 5 }, () => tested.ask('POST', '/v2/conversations', {}))));
    replies.splice(0, 1, { body: '{"data":[]}' });
    assert.equal(await tested.unready(), null);
  });

  it('says that it is busy when that is why', async () => {
    const { tested } = requests({ status: 429, headers: { 'retry-after': '30' } });
    await tested.ask('POST', '/v2/conversations', {});
    assert.deepEqual(await tested.unready(), { code: 'provider_busy', retryAfter: 32 });
  });

  it('a failing create opens the way for no other, while reading goes on', async () => {
    const { tested, told } = requests(
      { status: 500 },
      { status: 500 },
      { status: 500 },
      { status: 500 },
      { status: 500 },
      {},
    );
    for (let i = 0; i < 5; i++) await tested.ask('POST', '/v2/conversations', {});
    assert.deepEqual(told, ['creating open']);
    assert.equal((await tested.unready())?.code, 'provider_unavailable');
    assert.equal((await tested.askAgain('GET', '/v2/conversations')).status, 200);
  });
});

describe('The end of a conversation', () => {
  it('is not confirmed by something between us and Tavus that knows no such address', async () => {
    const { tested, outcome } = requests({ status: 404, body: '<html>Not found</html>' });
    assert.ok((await outcome(createTavus(tested).end('c1'))) instanceof TavusError);
    assert.ok((await outcome(createTavus(tested).get('c1'))) instanceof TavusError);
  });

  it('is not confirmed by one answer that it is unknown while another says that it runs', async () => {
    const running = { body: '{"conversation_id":"c1","status":"active"}' };
    const { tested, outcome } = requests({ status: 404, body: '{"message":"Not found"}' }, running);
    assert.ok((await outcome(createTavus(tested).end('c1'))) instanceof TavusError);
  });

  it('is confirmed by a Tavus that does not know it', async () => {
    for (const reply of [
      { status: 400, body: '{"error":"Invalid conversation_id"}' },
      { status: 404, body: '{"message":"Not found"}' },
    ]) {
      const { tested } = requests(reply);
      await createTavus(tested).end('c1');
      assert.equal(await createTavus(tested).get('c1'), null);
    }
  });
});
