import bcrypt from 'bcryptjs'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../log'

/** Python's `strip`: of what JavaScript takes for a blank it keeps a byte order mark. */
const strip = (text: string) => text.replaceAll(/^(?:(?!\ufeff)\s)+|(?:(?!\ufeff)\s)+$/g, '')

/** The PASSWORD file and what the node remembers of it. */
export function createPasswordFile(folder: string, log: Log) {
  const file = path.join(folder, 'login', 'PASSWORD')
  const old = path.join(folder, 'PASSWORD')
  mkdirSync(path.dirname(file), { recursive: true })
  if (existsSync(old)) renameSync(old, file)
  const firstLine = () => (existsSync(file) ? strip(readFileSync(file, 'utf8').split('\n')[0] ?? '') : '')
  let token = firstLine()
  if (token === '') {
    log.error('Please set up your password before use. The token will be a hashed string derived from your password.')
  } else {
    // The real program prints its secret at each start; whoever shows this log has to hide it.
    log.info(`For direct API calls, use token=${token}`)
  }
  /** The form's own copy: the hash as it stands in the file, a carriage return included; no name is null. */
  let cached: { hash: string; username: string | null } | null = null
  return {
    /** Read once; an empty token is read again on every request, so that a first password works at once. */
    token() {
      if (token === '') token = firstLine()
      return token
    },
    exists: () => existsSync(file),
    stored() {
      if (cached) return cached
      const [hash = '', username = ''] = readFileSync(file, 'utf8').split('\n')
      cached = { hash, username: strip(username) || null }
      return cached
    },
    write(hash: string, username: string) {
      writeFileSync(file, `${hash}\n${username}`, { mode: 0o600 })
      cached = { hash, username }
    },
    writeEmpty: () => writeFileSync(file, '', { mode: 0o600 }),
  }
}

/** Thrown by Python's bcrypt for a stored text that is no hash. */
export class InvalidSalt extends Error {}

/** Whether a password is the stored one. Throws InvalidSalt. */
export async function passwordFits(password: string, hash: string): Promise<boolean> {
  if (hash === '') return false
  if (!/^\$2[abxy]\$\d\d\$/.test(hash)) throw new InvalidSalt('Invalid salt')
  return bcrypt.compare(password, hash)
}

export type PasswordFile = ReturnType<typeof createPasswordFile>
