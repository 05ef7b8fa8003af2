import path from 'node:path'
import { Problem } from '../../shared/problems'
import { meantBy, readEnvEntries, setEnvValue, UnterminatedQuote } from '../compose/files/dotenv'
import { binaryOf } from '../compose/files/env-text'
import { fileErrorCode, readIfPresent, writeFileAtomic } from '../storage/files'

/** A stack's `.env` as it stands, a character a byte; empty where there is none. It may hold secrets. */
const textIn = async (folder: string): Promise<string> =>
  (await readIfPresent(path.join(folder, '.env')))?.toString('latin1') ?? ''

/** The values of a stack's `.env`, by their keys. Throws `sink.env-broken` and `sink.unreadable`. */
export async function readSettings(folder: string): Promise<Map<string, string>> {
  try {
    return new Map(readEnvEntries(await textIn(folder)).map((entry) => [entry.key, meantBy(entry)]))
  } catch (error) {
    const file = path.join(folder, '.env')
    if (error instanceof UnterminatedQuote) throw new Problem('sink.env-broken', { path: file, line: error.line })
    const code = fileErrorCode(error)
    throw code === null ? error : new Problem('sink.unreadable', { path: file, code })
  }
}

/** What a stack is called and which card it runs on is its owner's to say: the example's values would be another's. */
const ofOwner = new Set(['COMPOSE_PROJECT_NAME', 'GPU_UUID'])

/** The settings of a new version that a stack's `.env` does not have yet, with the example's values. */
export function missingSettings(example: string, present: ReadonlyMap<string, string>): [key: string, value: string][] {
  return readEnvEntries(binaryOf(example))
    .filter(({ key }) => !present.has(key) && !ofOwner.has(key))
    .map((entry) => [entry.key, meantBy(entry)])
}

/** Adds settings to a stack's `.env`; those that are there keep their values, whatever they are. */
export async function addSettings(folder: string, added: readonly (readonly [string, string])[]): Promise<void> {
  const present = await readSettings(folder)
  const lacking = added.filter(([key]) => !present.has(key))
  if (lacking.length === 0) return
  const text = lacking.reduce((so, [key, value]) => setEnvValue(so, key, value), await textIn(folder))
  await writeFileAtomic(path.join(folder, '.env'), Buffer.from(text, 'latin1'))
}

/** Takes settings out again that were added and still have the value that they were added with. */
export async function removeSettings(folder: string, added: readonly (readonly [string, string])[]): Promise<void> {
  const wanted = new Map(added)
  const text = await textIn(folder)
  const gone = readEnvEntries(text).filter((entry) => wanted.get(entry.key) === meantBy(entry))
  if (gone.length === 0) return
  const rest = gone.reduceRight((so, { keyEnd, lineEnd }) => {
    const lineStart = so.lastIndexOf('\n', keyEnd - 1) + 1
    return so.slice(0, lineStart) + so.slice(lineEnd)
  }, text)
  await writeFileAtomic(path.join(folder, '.env'), Buffer.from(rest, 'latin1'))
}
