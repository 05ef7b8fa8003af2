import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readCookies } from '../http/forms'
import type { Call } from '../http/server'
import { openFernet, sealFernet } from './fernet'

/** What Python's `fromisoformat` takes; `Z` only for the files that this program wrote before it knew better. */
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?Z?$/
const monthMs = 30 * 24 * 3600 * 1000

/** The cookie key: kept in a file, made anew when it is missing or a month old. A file of another shape ends the import. */
function sessionKey(folder: string): string {
  const file = path.join(folder, 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt')
  if (existsSync(file)) {
    const parts = readFileSync(file, 'utf8').split(',')
    const [key = '', time = ''] = parts
    if (parts.length < 2) throw new Error('not enough values to unpack (expected 2, got 1)')
    if (parts.length > 2) throw new Error('too many values to unpack (expected 2)')
    if (!isoTime.test(time)) throw new Error('Invalid isoformat string')
    if (Date.now() - Date.parse(time) < monthMs) {
      if (!/^[A-Za-z0-9_-]{43}=$/.test(key)) throw new Error('Fernet key must be 32 url-safe base64-encoded bytes.')
      return key
    }
  }
  mkdirSync(path.dirname(file), { recursive: true })
  const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  writeFileSync(file, `${key},${new Date().toISOString().replace('Z', '000')}`, { mode: 0o600 })
  return key
}

/** What a cookie says of who sent it. */
export type Session = 'none' | 'logged-in' | 'guest'

/** Sealed cookies. Throws where the key's file is of another shape. */
export function createSessionCookies(folder: string) {
  const key = sessionKey(folder)

  const cookie = (session: Record<string, boolean>) => {
    const sealed = sealFernet(key, JSON.stringify({ created: Math.floor(Date.now() / 1000), session }))
    return { 'set-cookie': `AIOHTTP_SESSION=${sealed}; HttpOnly; Path=/` }
  }

  function sessionOf(call: Call): Session {
    const sealed = readCookies(call).get('AIOHTTP_SESSION')
    const opened = sealed === undefined ? null : openFernet(key, sealed.replaceAll('"', ''))
    if (opened === null) return 'none'
    if (/"logged_in":true/.test(opened)) return 'logged-in'
    return /"guest_mode":true/.test(opened) ? 'guest' : 'none'
  }

  return { cookie, sessionOf }
}

export type SessionCookies = ReturnType<typeof createSessionCookies>
