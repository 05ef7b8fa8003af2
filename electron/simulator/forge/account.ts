import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Account } from './protection'

/** Reads `KEY=value` lines; a value may stand in quotes, which keep `#` and blanks. */
export function parseEnv(text: string): Map<string, string> {
  const entries = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^#]*?))\s*(?:#.*)?$/.exec(line)
    if (match?.[1] !== undefined) entries.set(match[1], match[2] ?? match[3] ?? match[4] ?? '')
  }
  return entries
}

/** FORGE_USER and FORGE_PASSWORD of `<folder>/.env`, read at start only; null when either is missing or empty. */
export function readAccount(folder: string): Account | null {
  const file = path.join(folder, '.env')
  if (!existsSync(file)) return null
  const entries = parseEnv(readFileSync(file, 'utf8'))
  const [username = '', password = ''] = [entries.get('FORGE_USER'), entries.get('FORGE_PASSWORD')]
  return username === '' || password === '' ? null : { username, password }
}
