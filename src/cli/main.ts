#!/usr/bin/env node
import { SettingsError, TavusError } from '../server/index.js';
import { serve } from './serve.js';
import { sweep } from './sweep.js';

const USAGE = `usage: tavus-practice COMMAND

  serve   the reference backend and the demo, on http://localhost:8787
  sweep   one clean-up pass, for cron or a cloud scheduler

Settings are read from the environment; README.md lists them.`;

const COMMANDS: Record<string, () => Promise<void>> = { serve, sweep };

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (!command || rest.length) {
  const asked = name === '' || name === 'help' || name === '--help';
  (asked ? console.log : console.error)(
    asked ? USAGE : `tavus-practice: no such command: ${[name, ...rest].join(' ')}\n\n${USAGE}`,
  );
  process.exitCode = asked ? 0 : 2;
} else {
  await command().catch((cause: unknown) => {
    // What the operator can mend is said in one line; anything else is a defect and shows its stack.
    console.error(isMendable(cause) ? `tavus-practice: ${cause.message}` : cause);
    // Not only the exit code: what had been started by then would keep the process running for ever.
    process.exit(1);
  });
}

function isMendable(cause: unknown): cause is Error {
  if (cause instanceof SettingsError || cause instanceof TavusError) return true;
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}
