/** What a request in a simulated world says. */
export interface Said {
  method: string;
  headers?: HeadersInit | undefined;
  body?: string | null | undefined;
}

/**
 * A request as far as the handler and the simulated Tavus look at it. The runtime's own brings streams and abort
 * signals along, which cost more than everything that is done with them here.
 */
export function lightRequest(url: string, { method, headers, body }: Said): Request {
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'text' | 'json'> & {
    body: readonly Uint8Array[] | null;
  } = {
    method,
    url,
    headers: new Headers(headers),
    body: body == null ? null : [Buffer.from(body)],
    text: async () => body ?? '',
    json: async () => JSON.parse(body ?? '') as unknown,
  };
  return request as unknown as Request;
}

/** The same for an answer. */
export function lightResponse(status: number, body: string, headers = new Headers()): Response {
  const response: Pick<Response, 'status' | 'ok' | 'headers' | 'text' | 'json'> = {
    status,
    ok: status >= 200 && status < 300,
    headers,
    text: async () => body,
    json: async () => JSON.parse(body) as unknown,
  };
  return response as Response;
}
