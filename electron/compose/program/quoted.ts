import path from 'node:path'
import { Problem } from '../../../shared/problems'
import { readEnvFile, type EnvRefusal } from '../files/dotenv'
import { lineAt } from '../files/env-text'
import type { ProjectFiles } from './arguments'
import { realDisk } from '../files/disk'
import { filesReadFor } from './reads'
import { hideQuoted, pieceHider, secretsOfEnv } from './words'

/** The environment files of a project, as far as they can be read: its `.env`, and what its files name. */
async function environmentFiles({ files, envFile, folder }: ProjectFiles): Promise<{ file: string; text: string }[]> {
  const [first = path.join(folder, 'compose.yaml'), ...overrides] = files
  const named = await filesReadFor(
    { file: first, overrides, ...(envFile === null ? {} : { envFile }) },
    realDisk,
    process.env,
  )
  const all = new Set([envFile ?? path.join(folder, '.env'), ...named.files.filter((file) => !/\.ya?ml$/i.test(file))])
  const read = await Promise.all([...all].map(async (file) => ({ file, bytes: await realDisk.read(file) })))
  return read.flatMap(({ file, bytes }) => (bytes === null ? [] : [{ file, text: bytes.toString('latin1') }]))
}

/** Takes out of Compose's words what they quote of this project's files. */
export async function hiderFor(project: ProjectFiles): Promise<(text: string) => string> {
  const files = await environmentFiles(project)
  const hidePieces = pieceHider(files.flatMap(({ text }) => secretsOfEnv(text)))
  return (text) => hidePieces(hideQuoted(text))
}

/** Compose 2's words about a line of an environment file, and what they mean. */
const words: { text: RegExp; kinds: EnvRefusal['kind'][] }[] = [
  { text: /unterminated quoted value/i, kinds: ['quote'] },
  { text: /unexpected character .* in variable name/i, kinds: ['character'] },
  { text: /key cannot contain a space/i, kinds: ['space'] },
  { text: /failed to read .*Invalid template|\.env\b.*Invalid template|^Invalid template/im, kinds: ['template'] },
  { text: /failed to read .*required variable/i, kinds: ['required'] },
]

/**
 * The line of an environment file for which Compose refused the project, named by file, key and number: Compose itself
 * quotes its value, and often no more. Null where it was something else.
 */
export async function refusedLine(project: ProjectFiles, output: string): Promise<Problem | null> {
  const said = words.find(({ text }) => text.test(output))
  if (!said) return null
  const files = await environmentFiles(project)
  const [named, others] = [true, false].map((isNamed) => files.filter(({ file }) => output.includes(file) === isNamed))
  for (const { file, text } of [...(named ?? []), ...(others ?? [])]) {
    const refusal = readEnvFile(text).refusals.find(({ kind }) => said.kinds.includes(kind))
    if (!refusal) continue
    const line = lineAt(text, refusal.offset)
    return new Problem('compose.env-line', { file: path.basename(file), line, key: refusal.key ?? '–' })
  }
  return null
}
