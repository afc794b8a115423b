import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

interface DemoOptions {
  /** The package: `demo/` is served at `/`, `dist/` at `/dist/`. */
  folder: string;
  frameOrigins: readonly string[];
  /** What the simulated Tavus would have billed; null where it is not to be shown. */
  ledger: (() => object) | null;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/**
 * The demo as a host would serve its pages: under a strict policy, with nothing inline.
 * `/demo/ledger` is what would have been billed.
 */
export function createDemoPages({
  folder,
  frameOrigins,
  ledger,
}: DemoOptions): (request: Request) => Promise<Response> {
  const headers = {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      `frame-src ${frameOrigins.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html',
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cache-control': 'no-cache',
  };

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    const { pathname } = new URL(request.url);
    if (pathname === '/demo/ledger')
      return ledger ? Response.json(ledger(), { headers }) : new Response(null, { status: 404, headers });
    const path = fileOf(pathname);
    const content = path && (await readFile(join(folder, path)).catch(absent));
    if (!path || !content)
      return new Response('Not found.', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } });
    return new Response(content, {
      headers: {
        ...headers,
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        // Scripts of the package may be tried from any page.
        ...(path.startsWith('/dist/') && { 'access-control-allow-origin': '*' }),
      },
    });
  };
}

/** The file behind a path, or null for one that points outside of what is served. */
function fileOf(pathname: string): string | null {
  const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  if (path.includes('..') || path.includes('%') || path.includes('\0')) return null;
  return path.startsWith('/dist/') ? path : join('demo', path);
}

function absent(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT' || cause.code === 'EISDIR' || cause.code === 'ENOTDIR') return null;
  throw cause;
}
