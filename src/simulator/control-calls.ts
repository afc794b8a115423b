import type { DeliveryMode } from './callbacks.js';
import { isDeliveryMode } from './callbacks.js';
import type { Fault } from './faults.js';
import { isFault } from './faults.js';
import type { Ledger } from './ledger.js';

/** What can be switched in the simulator. An absent field stays as it is. */
export interface Conditions {
  /** Replaces all faults that have not struck yet. */
  faults?: readonly Fault[] | undefined;
  callbacks?: DeliveryMode | undefined;
}

export interface Controls {
  readonly ledger: Ledger;
  readonly conditions: Conditions;
  setConditions(conditions: Conditions): void;
  reset(): void;
}

const isConditions = (value: unknown): value is Conditions => {
  if (typeof value !== 'object' || value === null) return false;
  const { faults, callbacks } = value as Record<string, unknown>;
  return (
    (faults === undefined || (Array.isArray(faults) && faults.every(isFault))) &&
    (callbacks === undefined || isDeliveryMode(callbacks))
  );
};

const isLoopback = (origin: string): boolean =>
  URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);

const answer = async (controls: Controls, request: Request): Promise<Response> => {
  switch (`${request.method} ${new URL(request.url).pathname}`) {
    case 'GET /_simulator/ledger':
      return Response.json(controls.ledger);
    case 'GET /_simulator/faults':
      return Response.json(controls.conditions);
    case 'PUT /_simulator/faults': {
      const conditions: unknown = await request.json().catch(() => null);
      if (!isConditions(conditions))
        return Response.json({ error: 'Expected {faults?: Fault[], callbacks?}' }, { status: 400 });
      controls.setConditions(conditions);
      return Response.json(controls.conditions);
    }
    case 'POST /_simulator/reset':
      controls.reset();
      return new Response(null, { status: 204 });
    default:
      return Response.json({ error: 'Not found' }, { status: 404 });
  }
};

/**
 * `/_simulator/…`: the ledger, the faults, and starting afresh. Needs no key. Pages may use it too, but only
 * those of this machine: any other page somebody has open could reach the loopback address just as well.
 */
export const handleControl = async (controls: Controls, request: Request): Promise<Response> => {
  const origin = request.headers.get('origin');
  if (origin === null) return answer(controls, request);
  if (!isLoopback(origin)) return Response.json({ error: 'Not from this origin' }, { status: 403 });
  const response = request.method === 'OPTIONS' ? new Response(null, { status: 204 }) : await answer(controls, request);
  response.headers.set('access-control-allow-origin', origin);
  response.headers.set('access-control-allow-methods', 'GET, PUT, POST');
  response.headers.set('access-control-allow-headers', 'content-type');
  response.headers.set('vary', 'origin');
  return response;
};
