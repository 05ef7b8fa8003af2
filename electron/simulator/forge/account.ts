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

/**
 * FORGE_USER and FORGE_PASSWORD of `<folder>/.env`, read at start only; null when either is missing or empty. With
 * `gradio`, GRADIO_USER and GRADIO_PASSWORD in their place where they stand: the two flags may be given two pairs.
 */
export function readAccount(folder: string, flag: 'api' | 'gradio' = 'api'): Account | null {
  const file = path.join(folder, '.env')
  if (!existsSync(file)) return null
  const entries = parseEnv(readFileSync(file, 'utf8'))
  const own = flag === 'gradio' && entries.has('GRADIO_PASSWORD') ? 'GRADIO' : 'FORGE'
  const [username = '', password = ''] = [entries.get(`${own}_USER`), entries.get(`${own}_PASSWORD`)]
  return username === '' || password === '' ? null : { username, password }
}
