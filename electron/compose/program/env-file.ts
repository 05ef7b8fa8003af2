import { Problem } from '../../../shared/problems'
import { binaryOf } from '../files/env-text'
import { parseEnv, readEnvValue, writeEnvValue } from '../files/dotenv'
import { readIfPresent, writeFileAtomic } from '../../storage/files'

const name = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The text of an `.env` file with some keys set and everything else as it was: comments, order, line ends, other
 * values. A value is quoted only where it must be. Texts are "binary" strings, one character a byte. Throws
 * `compose.env-key` and `compose.env-value`, and `compose.env-file-invalid` where the file cannot be read.
 */
export function withEnvironmentKeys(text: string, values: Readonly<Record<string, string>>): string {
  let result = text
  for (const [key, value] of Object.entries(values)) {
    if (!name.test(key)) throw new Problem('compose.env-key', { key })
    const bytes = binaryOf(value)
    try {
      parseEnv(result)
    } catch (error) {
      throw new Problem('compose.env-file-invalid', { line: error instanceof Error ? error.message : '' })
    }
    result = writeEnvValue(result, key, bytes) ?? refuse(key)
    // Read back by the rules of both generations: what was written is what a container gets.
    const read = readEnvValue(result, key)
    if (read?.compose1 !== bytes || read.compose2 !== bytes) refuse(key)
  }
  return result
}

const refuse = (key: string): never => {
  throw new Problem('compose.env-value', { key })
}

/**
 * Sets keys in an `.env` file: the file is replaced in one step, and its mode and owner stay. A missing file is made
 * for its owner only.
 */
export async function setEnvironmentKeys(file: string, values: Readonly<Record<string, string>>): Promise<void> {
  const before = (await readIfPresent(file))?.toString('latin1') ?? ''
  const after = withEnvironmentKeys(before, values)
  if (after !== before) await writeFileAtomic(file, Buffer.from(after, 'latin1'))
}
