import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed text may be used for; one kind can never pass for another. */
export type Purpose = 'offer' | 'ticket' | 'webhook';

/** Seals small values so that a browser or Tavus can hand them back unaltered. */
export interface Signer {
  seal(purpose: Purpose, value: object): string;
  /** The sealed value, or null when the text was not sealed here for this purpose. */
  open(purpose: Purpose, sealed: string): unknown;
  /** A name for a learner that says nothing about them, always the same for the same learner. */
  pseudonym(userId: string): string;
  /** A short name for this deployment, stable as long as the secret is. */
  readonly deployment: string;
}

/** @param secret at least 16 characters; all processes of one deployment share it */
export function createSigner(secret: string): Signer {
  const digest = (purpose: string, payload: string) =>
    createHmac('sha256', secret).update(`${purpose}\n${payload}`).digest();
  return {
    deployment: digest('deployment', '').toString('hex').slice(0, 8),
    pseudonym: (userId) => digest('learner', userId).toString('base64url').slice(0, 22),
    seal(purpose, value) {
      const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${payload}.${digest(purpose, payload).toString('base64url')}`;
    },
    open(purpose, sealed) {
      const [payload, signature, ...rest] = sealed.split('.');
      if (!payload || !signature || rest.length) return null;
      const expected = digest(purpose, payload);
      const given = Buffer.from(signature, 'base64url');
      // Only the one canonical spelling is accepted: base64url has several for the same bytes.
      if (expected.toString('base64url') !== signature || !timingSafeEqual(expected, given)) return null;
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    },
  };
}
