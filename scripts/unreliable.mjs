const FOLDER = '/unreliable';
let lost;

/**
 * Under /unreliable/ every file of the test server is there once more, and may fail to arrive, in every browser alike:
 *   await executeServerCommand('lose', { files: 'practice-surface' })     the connection breaks where the path contains it
 *   await executeServerCommand('lose', {})                                all arrive again
 */
export const loseCommand = {
  name: 'lose',
  async executeCommand({ command, payload }) {
    if (command !== 'lose') return undefined;
    lost = payload.files;
    return true;
  },
};

/** The server's part of it. */
export function unreliable(context, next) {
  if (!context.path.startsWith(`${FOLDER}/`)) return next();
  if (lost && context.path.includes(lost)) {
    context.respond = false;
    return context.req.socket.destroy();
  }
  context.url = context.url.slice(FOLDER.length);
  return next();
}
