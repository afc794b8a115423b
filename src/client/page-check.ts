import { isFrameOrigin } from '../protocol/index.js';

/** What a page needs before a conversation in it can have camera and microphone. */
export interface PageObstacle {
  kind: 'https' | 'sandbox' | 'frame' | 'header';
  /** The attribute or header that is missing, as it has to be written; empty for `https`. */
  needs: string;
}

/** What can be known about a page and its browser before anybody is asked for anything. */
export interface PageCheck {
  /** Null also where the browser does not tell. */
  obstacle: PageObstacle | null;
  /** Camera or microphone was refused for this page before. The learner can change that, also in the room. */
  declined: boolean;
  /** What is not sent before the page goes away can be kept for the next one. */
  keeps: boolean;
  /** Of this page, where it is shown inside another one; else empty. */
  address: string;
}

/** What Chromium offers beyond the standard types. */
interface Policy {
  allowsFeature(name: string): boolean;
  getAllowlistForFeature(name: string): string[];
}
type WithPolicy<T> = T & { featurePolicy?: Policy };

const MEDIA = ['camera', 'microphone'] as const;

/** @param origins of the conversation, as in an offer; empty while there is none */
export async function checkPage(
  origins: readonly string[],
  indexedDB: IDBFactory | undefined,
  permissions: Permissions,
): Promise<PageCheck> {
  const isFramed = self !== top;
  return {
    obstacle: obstacleTo(origins, isFramed),
    declined: (await Promise.all(MEDIA.map((name) => isDeclined(permissions, name)))).includes(true),
    keeps: indexedDB !== undefined,
    address: isFramed ? location.href : '',
  };
}

function obstacleTo(origins: readonly string[], isFramed: boolean): PageObstacle | null {
  if (!isSecureContext) return { kind: 'https', needs: '' };
  if (isFramed && origin === 'null') return { kind: 'sandbox', needs: 'sandbox="allow-scripts allow-same-origin"' };
  const here = (document as WithPolicy<Document>).featurePolicy;
  if (!here) return null;
  const missing = MEDIA.filter((name) => !here.allowsFeature(name));
  if (isFramed && missing.length > 0) return { kind: 'frame', needs: `allow="${MEDIA.join('; ')}"` };
  const isWithheld = (name: string): boolean =>
    origins.length > 0 && origins.every((each) => withholds(here, name, each));
  if (missing.length === 0 && !MEDIA.some(isWithheld)) return null;
  const allowed = origins.map((each) => ` "${each}"`).join('');
  return { kind: 'header', needs: `Permissions-Policy: ${MEDIA.map((name) => `${name}=(self${allowed})`).join(', ')}` };
}

/** Asked of a frame that is never attached, so nothing is loaded. */
function withholds(here: Policy, name: string, origin: string): boolean {
  const frame: WithPolicy<HTMLIFrameElement> = document.createElement('iframe');
  frame.allow = `${name} *`;
  frame.src = origin.replace('*', 'any');
  // Where any label will do, the page may allow the very one that comes: that is for the room to find out.
  return (
    frame.featurePolicy?.allowsFeature(name) === false &&
    !here.getAllowlistForFeature(name).some((allowed) => isFrameOrigin(allowed, [origin]))
  );
}

/** Never prompts. Not every browser knows these names, and insecure pages have no permissions at all. */
const isDeclined = (permissions: Permissions, name: string): Promise<boolean> =>
  Promise.resolve()
    .then(() => permissions.query({ name: name as PermissionName }))
    .then(
      ({ state }) => state === 'denied',
      () => false,
    );
