import * as v from 'valibot';
import { PracticeError } from '../protocol/index.js';

/** Largest body of any request, in bytes. */
const LARGEST = 64 * 1024;

/**
 * The body as text.
 *
 * @throws PracticeError `too_large`, or `invalid_request` when the connection broke on the way
 */
export async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST) throw new PracticeError('too_large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > LARGEST) throw new PracticeError('too_large');
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof PracticeError) throw cause;
    throw new PracticeError('invalid_request', { detail: 'The body broke off.' }, cause);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The body as what the schema says. Where the schema has no required field, no body at all will do.
 *
 * @throws PracticeError `unsupported_media_type`, `too_large` or `invalid_request`
 */
export async function readJson<T extends v.GenericSchema>(request: Request, schema: T): Promise<v.InferOutput<T>> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/json') throw new PracticeError('unsupported_media_type');
  const text = await readText(request);
  if (text && type === undefined) throw new PracticeError('unsupported_media_type');
  const result = v.safeParse(schema, text ? parse(text) : {});
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new PracticeError('invalid_request', { detail: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PracticeError('invalid_request', { detail: 'The body is not valid JSON.' }, cause);
  }
}
