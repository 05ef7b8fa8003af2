import { looksLikeHash } from '../compose/files/secrets'
import { bcryptHash } from '../credentials/secrets'
import { fingerprint } from '../vault/fingerprint'

/** What may be told of a value: how it looks, and never what it is. */
export interface Shape {
  /** First 12 hex digits of SHA-256, of the value as its reader takes it. */
  print: string
  length: number
  /** `$2b$12$` of a hash, whole or cut; empty for anything else. */
  prefix: string
  /**
   * `cut`: a hash that lost a part. `marked`: a hash with what belongs to a file's notation still in it: doubled `$`,
   * backslashes, quotes.
   */
  form: 'empty' | 'hash' | 'cut' | 'marked' | 'other'
  /** Ends with a carriage return. */
  hasReturn: boolean
  /** Begins with a byte order mark. */
  hasMark: boolean
}

const markedHash = /^["']?(?:\$\$|\\\$|["']\$)2[abxy]/
const hashPrefix = /^\$2[abxy]\$\d{2}\$?/

function formOf(value: string): Shape['form'] {
  if (value === '') return 'empty'
  if (bcryptHash.test(value)) return 'hash'
  if (markedHash.test(value)) return 'marked'
  return looksLikeHash(value) ? 'cut' : 'other'
}

/** The shape of a value as it stands, line end and byte order mark included. */
export function shapeOf(raw: string): Shape {
  const hasMark = raw.startsWith('\ufeff')
  const hasReturn = raw.endsWith('\r')
  const value = raw.slice(hasMark ? 1 : 0, hasReturn ? -1 : undefined)
  return {
    print: fingerprint(value),
    length: value.length,
    prefix: hashPrefix.exec(value)?.[0] ?? '',
    form: formOf(value),
    hasReturn,
    hasMark,
  }
}

/** Whether a hash came to harm on its way. */
export const isMangled = ({ form }: Shape): boolean => form === 'cut' || form === 'marked'
