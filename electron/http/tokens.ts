import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Problem } from '../../shared/problems'
import type { Access, ProofKind } from '../access'
import { createCodes } from './codes'

/** So many wrong Bearer tokens are remembered: the same one again is a script, and no new guess. */
const rememberedTokens = 1000

/**
 * From this length on a token cannot be guessed (22 characters of base64 are 128 bits), so that wrong ones need not
 * close the right one: else anybody who reaches the door could keep every script out.
 */
const unguessableLength = 22

/** SHA-256 of a text. */
export const digest = (text: string) => createHash('sha256').update(text).digest()
/** Compares in a time that tells nothing. */
export const sameText = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
export const newToken = () => randomBytes(32).toString('base64url')

interface TokensOptions {
  /** The token that scripts show; null where there is none. */
  adminToken: string | null
  access: Pick<Access, 'attempts'>
  now: () => number
  /** A printed link was used, and opens nothing any more. */
  linkUsed?: (() => void) | undefined
}

/** The tokens that make somebody an administrator: the printed links and codes, each good once, and the scripts' own. */
export function createTokens({ adminToken, access, now, linkUsed }: TokensOptions) {
  const links = new Set<string>()
  const codes = createCodes(now)
  const wrongBearers = new Set<string>()

  /**
   * Whether it is the admin token. One that could be guessed is not even looked at while its login is closed: throws
   * `session.too-many` then.
   */
  const isAdminToken = (token: string, login: 'token' | 'bearer'): boolean => {
    if (adminToken === null) return false
    if (adminToken.length < unguessableLength) access.attempts.check(login)
    return sameText(adminToken, token)
  }

  return {
    /** What a printed link carries. */
    issueLink(): string {
      const token = newToken()
      links.add(token)
      return token
    },

    issueCode: (): string => codes.issue(),

    /**
     * Says what an administrator's token is. A one-time token is good once, and good whatever else is closed. Throws
     * `session.bad-token`, `session.too-many`.
     */
    take: (token: string): ProofKind => {
      const used = [...links].find((known) => sameText(known, token))
      if (used !== undefined) {
        links.delete(used)
        linkUsed?.()
      }
      if (used !== undefined || codes.take(token)) return 'link'
      if (!isAdminToken(token, 'token')) {
        access.attempts.begin('token')
        throw new Problem('session.bad-token')
      }
      access.attempts.succeed('token')
      return 'token'
    },

    /** Whether a script shows the admin token. Throws `session.too-many` after many different wrong ones. */
    isBearer(token: string): boolean {
      if (adminToken === null) return false
      const mark = digest(token).toString('hex')
      if (wrongBearers.has(mark)) return false
      if (isAdminToken(token, 'bearer')) return true
      access.attempts.begin('bearer')
      if (wrongBearers.size >= rememberedTokens) wrongBearers.clear()
      wrongBearers.add(mark)
      return false
    },
  }
}
