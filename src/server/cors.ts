const HEADERS_KEPT = 'retry-after';
const DAY_SECONDS = 86_400;

/** CORS headers for a response: only for the origins the host listed, each by its own name. */
export function corsHeaders(request: Request, allowed: readonly string[]): [string, string][] {
  const origin = request.headers.get('origin');
  if (!allowed.length) return [];
  const vary: [string, string] = ['vary', 'Origin'];
  if (origin === null || !allowed.includes(origin)) return [vary];
  return [
    vary,
    ['access-control-allow-origin', origin],
    ['access-control-allow-credentials', 'true'],
    ['access-control-expose-headers', HEADERS_KEPT],
  ];
}

/** The answer to a browser that asks before it sends a request across origins. */
export function preflight(request: Request, allowed: readonly string[]): Response {
  const headers = new Headers(corsHeaders(request, allowed));
  headers.set('cache-control', 'no-store');
  if (headers.has('access-control-allow-origin')) {
    headers.set('access-control-allow-methods', 'GET, PUT, POST, DELETE');
    // The host names its own CSRF header in the element, so whatever an allowed origin asks for is fine.
    headers.set(
      'access-control-allow-headers',
      request.headers.get('access-control-request-headers') ?? 'content-type, authorization',
    );
    headers.set('access-control-max-age', String(DAY_SECONDS));
  }
  return new Response(null, { status: 204, headers });
}
