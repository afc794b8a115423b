import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const START_MILLISECONDS = 15_000;
const STOP_MILLISECONDS = 5_000;

/** The server as a process of its own, which a test may stop and start again. */
export class PracticeServer {
  /** Where the demo and the backend are, as the server printed it. */
  url = '';
  /** Where Tavus is simulated, if it is. */
  simulatorUrl = '';
  /** Everything printed so far, for the message of a failed start. */
  output = '';
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | null = null;

  constructor(settings: Record<string, string>) {
    const { TAVUS_API_KEY: _never, ...inherited } = process.env;
    // The system chooses the ports: one that was free a moment ago may be somebody else's by now.
    this.#environment = { PORT: '0', PRACTICE_SIMULATOR_PORT: '0', ...inherited, ...settings };
  }

  /** Resolves when the server listens. @throws when it ends or says nothing for 15 s instead. */
  async start(): Promise<void> {
    const server = spawn(process.execPath, ['dist/modules/cli/main.js', 'serve'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = server;
    server.stderr.on('data', (text) => (this.output += String(text)));
    const address = new Promise<string>((resolve, reject) => {
      const giveUp = (reason: string) => {
        clearTimeout(timer);
        reject(new Error(`The server ${reason}. It printed:\n${this.output}`));
      };
      const timer = setTimeout(() => giveUp('did not say where it listens'), START_MILLISECONDS);
      server.once('exit', (code) => giveUp(`ended with exit code ${code}`));
      createInterface({ input: server.stdout }).on('line', (line) => {
        this.output += `${line}\n`;
        this.simulatorUrl = /SIMULATED TAVUS at (http:[^\s]+?):? /.exec(line)?.[1] ?? this.simulatorUrl;
        const [, url] = /tavus-practice listening on (http:\S+)/.exec(line) ?? [];
        if (!url) return;
        clearTimeout(timer);
        resolve(url);
      });
    });
    this.url = await address;
    // Started again, it is found where it was.
    this.#environment['PORT'] = new URL(this.url).port;
    if (this.simulatorUrl) this.#environment['PRACTICE_SIMULATOR_PORT'] = new URL(this.simulatorUrl).port;
  }

  /** Resolves when the process has ended after SIGTERM. @throws when it does not end within 5 s. */
  async stop(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    let refused = false;
    const timer = setTimeout(() => (refused = server.kill('SIGKILL')), STOP_MILLISECONDS);
    server.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
    if (refused) throw new Error('The server did not end on SIGTERM.');
  }

  /** As a crash would: no chance to clean up. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}
