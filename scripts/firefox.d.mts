export function findFirefox(): string | null;
export const FIREFOX_PREFERENCES: Record<string, boolean>;
