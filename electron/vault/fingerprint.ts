import { createHash } from 'node:crypto'

/** First 12 hex digits of SHA-256 of a secret: shown and logged in its place. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 12)
