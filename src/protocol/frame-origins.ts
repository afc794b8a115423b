/**
 * Whether an address may be framed: https (http on loopback only), on one of the allowed origins.
 * `*.` in an allowed origin stands for one or more whole labels.
 */
export function isFrameOrigin(address: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  const loopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) return false;
  return allowed.some((entry) => {
    if (!entry.includes('://*.')) return entry === origin;
    const [scheme, host = ''] = entry.split('://*');
    return origin.startsWith(`${scheme}://`) && origin.endsWith(host) && origin.length > `${scheme}://${host}`.length;
  });
}
