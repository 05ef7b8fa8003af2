import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { isKeyed, type Scheme, type Sink, type SinkInput } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { CredentialRecord, StoredSink } from '../record'
import { fieldsOf, mainField } from '../secrets'

/**
 * Turns what a person asked for into sinks with ids and fields, and checks that they fit the scheme, lie outside
 * Regie's own files, and are nobody else's. Asking for the same sink again gives the same id. Throws a Problem.
 */
export async function planSinks(
  inputs: readonly SinkInput[],
  owner: Pick<CredentialRecord, 'id' | 'scheme'>,
  around: { dataRoot: string; records: readonly CredentialRecord[] },
): Promise<StoredSink[]> {
  const taken = new Map<string, string>()
  for (const record of around.records) {
    if (record.id === owner.id) continue
    for (const sink of record.sinks) taken.set(await placeOf(sink), record.id)
  }
  const sinks: StoredSink[] = []
  for (const input of inputs) {
    const sink = planSink(input, owner.scheme)
    if (await liesDirectlyIn(around.dataRoot, sink.path)) throw new Problem('sink.own-file', { path: sink.path })
    const place = await placeOf(sink)
    const holder = taken.get(place)
    if (holder !== undefined) throw new Problem('sink.taken', { path: sink.path, id: holder })
    taken.set(place, owner.id)
    sinks.push(sink)
  }
  return sinks
}

function planSink(input: SinkInput, scheme: Scheme): StoredSink {
  if (!path.isAbsolute(input.path)) throw new Problem('sink.relative', { path: input.path })
  if (input.path.includes('\0')) throw new Problem('sink.unreadable', { path: '', code: 'ENOENT' })
  const isSessionKey = input.type === 'session-key'
  const field = isSessionKey ? 'sessionKey' : (input.field ?? mainField[scheme])
  if (input.type === 'comfyui-login' && (scheme !== 'comfyui-login' || field !== 'token')) {
    throw new Problem('sink.wrong-scheme', { path: input.path })
  }
  if (isSessionKey && (scheme !== 'comfyui-login' || (input.field ?? field) !== field)) {
    throw new Problem('sink.wrong-scheme', { path: input.path })
  }
  if (!isSessionKey && !fieldsOf[scheme].includes(field))
    throw new Problem('credential.no-such-field', { scheme, field })
  const where = path.normalize(input.path)
  const key = isKeyed(input.type) ? (input.key ?? null) : null
  const id = createHash('sha256')
    .update(JSON.stringify([input.type, where, key, field]))
    .digest('hex')
    .slice(0, 16)
  return { id, type: input.type, path: where, key, field, requires: input.requires ?? null }
}

/** One place holds one secret: a file, or one key of an .env file. Links and letter case are seen through. */
async function placeOf({ path: file, key }: StoredSink): Promise<string> {
  return JSON.stringify([sameCase(await realPath(file)), key])
}

/** Windows and macOS keep one file under names that differ in case. */
const sameCase = (file: string) => (process.platform === 'linux' ? file : file.toLowerCase())

/** As far as links can be followed: a file that is not there yet by its folder, one that cannot be seen as written. */
const realPath = async (file: string) => {
  const whole = await realpath(file).catch(() => null)
  if (whole !== null) return whole
  return path.join(await realpath(path.dirname(file)).catch(() => path.dirname(file)), path.basename(file))
}

async function liesDirectlyIn(folder: string, file: string): Promise<boolean> {
  const own = await realpath(folder).catch(() => path.resolve(folder))
  return sameCase(path.dirname(await realPath(file))) === sameCase(own)
}

/**
 * What a sink requires of a service before it takes effect. What a person named wins; else files are read at start
 * (ComfyUI-Login, environments), and a file that no service uses requires nothing.
 */
export function withRequirement(sink: StoredSink, isUsed: boolean): Sink {
  return { ...sink, requires: sink.requires ?? (sink.type === 'file' && !isUsed ? 'nothing' : 'restart') }
}
