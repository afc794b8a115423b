import type { Join } from '../protocol/index.js';

/** What the iframe's `src` has to be: the room, admitted by its token. The address has been checked before. */
export function frameAddress(join: Join): string {
  const address = new URL(join.url);
  if (join.token !== undefined) address.searchParams.set('t', join.token);
  return address.href;
}
