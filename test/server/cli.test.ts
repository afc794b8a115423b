import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-cli-'));
});
const running = new Set<ChildProcess>();
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** The command as a process of its own, with nothing in its environment but what is given. */
function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, said, ended };
}

/** Starts `serve` and waits for its address. */
async function serve(env: Record<string, string>) {
  const process = run(['serve'], env);
  const listening = new Promise<string>((resolve, reject) => {
    process.child.stdout.on('data', () => {
      const url = /listening on (\S+)/.exec(process.said.out)?.[1];
      if (url) resolve(url);
    });
    void process.ended.then((code) => reject(new Error(`ended with ${code}: ${process.said.err}`)));
  });
  return { ...process, url: await listening };
}

/** The system chooses the ports: one that was free a moment ago may be somebody else's by now. */
const settings = (name: string) => ({
  DATABASE_URL: `sqlite:${join(folder, name, 'practice.db')}`,
  PORT: '0',
  PRACTICE_SIMULATOR_PORT: '0',
});

async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
  const headers = { 'content-type': 'application/json', cookie: 'practice-demo=ada' };
  return (await (await fetch(url, { ...init, headers })).json()) as T;
}

interface SessionBody {
  session: { id: string; status: string };
}

async function start(url: string): Promise<string> {
  const api = `${url}/api/practice`;
  const { offer } = await json<{ offer: string }>(`${api}/courses/spanish-101`);
  const id = crypto.randomUUID();
  const body = JSON.stringify({ courseId: 'spanish-101', offer, confirmedAt: new Date().toISOString() });
  const { session } = await json<SessionBody>(`${api}/sessions/${id}`, { method: 'PUT', body });
  assert.equal(session.status, 'started');
  return id;
}

describe('tavus-practice serve', { concurrency: true }, () => {
  it('prints its address, says loudly what is simulated, and ends when asked to', async () => {
    const { url, said, child, ended } = await serve(settings('terms'));
    assert.match(said.out, /SIMULATED TAVUS/);
    assert.match(said.out, /DEMO LEARNERS/);
    await start(url);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    await assert.rejects(fetch(url));
  });

  it('keeps all records, and its secret, when it is killed and started again', async () => {
    const env = settings('killed');
    const first = await serve(env);
    const id = await start(first.url);
    const { offer } = await json<{ offer: string }>(`${first.url}/api/practice/courses/quick-check`);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await serve(env);
    const { session } = await json<SessionBody>(`${second.url}/api/practice/sessions/${id}`);
    assert.equal(session.id, id);
    const used = await json<{ code: string; activeSessionId: string }>(
      `${second.url}/api/practice/sessions/${crypto.randomUUID()}`,
      {
        method: 'PUT',
        body: JSON.stringify({ courseId: 'quick-check', offer, confirmedAt: new Date().toISOString() }),
      },
    );
    // The new simulator knows nothing of the old conversation, so it may be found ended at any moment.
    assert.notEqual(used.code, 'offer_expired', 'the secret that sealed the offer is still the same');
    const { mode } = await stat(join(folder, 'killed', 'practice.db.secret'));
    assert.equal(mode & 0o777, 0o600);
    second.child.kill('SIGTERM');
    await second.ended;
  });

  it('stops with one line that names a bad setting', async () => {
    const bad: [named: string, env: Record<string, string>][] = [
      ['PORT', { PORT: 'many' }],
      ['PRACTICE_COURSES', { PRACTICE_COURSES: '[{"id":"a","title":"A","tll":1}]' }],
      ['DATABASE_URL', { DATABASE_URL: 'sqlite:/dev/null/practice.db' }],
      ['PRACTICE_SECRET', { PRACTICE_JWT_SECRET: 'a secret of sixteen or more' }],
    ];
    for (const [named, env] of bad) {
      const { ended, said } = run(['serve'], { ...settings('bad'), ...env });
      assert.equal(await ended, 1);
      const complaint = said.err.trim();
      assert.ok(complaint.startsWith(`tavus-practice: ${named} `), complaint);
      assert.doesNotMatch(complaint, /\n/);
    }
  });

  it('stops with one line when its port is taken', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    const { ended, said } = run(['serve'], { ...settings('taken'), PORT: String(port) });
    assert.equal(await ended, 1);
    assert.match(said.err.trim(), /^tavus-practice: .*EADDRINUSE.*$/);
    taken.close();
  });

  it('can be started twice at the same moment over a new file', async () => {
    const one = settings('twice');
    const other = { ...settings('twice'), DATABASE_URL: one.DATABASE_URL };
    const both = await Promise.all([serve(one), serve(other)]);
    await Promise.all(both.map(({ child, ended }) => (child.kill('SIGTERM'), ended)));
  });
});

describe('tavus-practice sweep', () => {
  it('does one pass beside a running server and ends', async () => {
    const env = {
      ...settings('sweep'),
      PRACTICE_SWEEP_SECONDS: '600',
      PRACTICE_LEASE_SECONDS: 'visible=1,leave=1',
    };
    const { url, said, child, ended } = await serve(env);
    const id = await start(url);
    const simulatorPort = /SIMULATED TAVUS at \S+:(\d+)/.exec(said.out)?.[1] ?? '';
    const lease = Date.now() + 1100;
    while (Date.now() < lease) await new Promise((resolve) => setTimeout(resolve, lease - Date.now()));
    const sweep = run(['sweep'], { ...env, PRACTICE_SIMULATOR_PORT: simulatorPort });
    assert.equal(await sweep.ended, 0, sweep.said.err);
    assert.match(sweep.said.out, /^1 sessions looked after, 0 orphans ended$/m);
    const { session } = await json<SessionBody>(`${url}/api/practice/sessions/${id}`);
    assert.equal(session.status, 'paused');
    const ledger = await json<{ conversations: { endedAt: number | null }[] }>(`${url}/demo/ledger`);
    assert.ok(ledger.conversations[0]?.endedAt);
    child.kill('SIGTERM');
    await ended;
  });
});

describe('tavus-practice', () => {
  it('says what it can do, and refuses what it cannot', async () => {
    const help = run([]);
    assert.equal(await help.ended, 0);
    assert.match(help.said.out, /serve[\s\S]*sweep/);
    const wrong = run(['fly']);
    assert.equal(await wrong.ended, 2);
    assert.match(wrong.said.err, /no such command: fly/);
  });
});
