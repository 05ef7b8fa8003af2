import * as z from 'zod'
import { Problem } from '../../../shared/problems'
import type { ModelAddress } from './address'
import { modelFileName } from './name'
import { headerOf, leave, type Answer, type Ask, type Asking } from './wire'

/** What a server says of a file, before any of it is fetched. */
export interface Looked {
  /** As it is kept; null where nothing tells a name of a model. */
  name: string | null
  bytes: number
  /** Strong: the same file as long as it is the same. */
  etag: string | null
  canResume: boolean
  /** What its hub says of its content. */
  sha256: string | null
  /** Every host on the way. */
  hosts: string[]
}

const Version = z.object({
  files: z
    .array(
      z.object({
        id: z.number().optional().catch(undefined),
        name: z.string(),
        primary: z.boolean().optional().catch(undefined),
        type: z.string().optional().catch(undefined),
        hashes: z.object({ SHA256: z.string().optional() }).optional().catch(undefined),
      }),
    )
    .max(500),
})

const mostAboutBytes = 2 * 2 ** 20

/** The whole of a short answer. Throws `library.answer` for a long one. */
async function textOf({ body, way }: Answer): Promise<string> {
  const host = way.at(-1)?.host ?? ''
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    const bytes = piece as Buffer // no encoding is set
    length += bytes.length
    if (length > mostAboutBytes) throw new Problem('library.answer', { host, status: 200 })
    pieces.push(bytes)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const sha256Of = (text: string | null | undefined): string | null => {
  const plain = (text ?? '').replaceAll('"', '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(plain) ? plain : null
}

type Told = Omit<Asking, 'url' | 'headers'>

/** What CivitAI says of the files of a version; nothing where it does not answer. */
async function aboutVersion(
  ask: Ask,
  about: URL,
  { name, fileId }: { name: string | null; fileId: string | null },
  told: Told,
) {
  try {
    const answer = await ask({ ...told, url: about, headers: { accept: 'application/json' } })
    if (answer.status !== 200) {
      leave(answer.body)
      return null
    }
    const { files } = Version.parse(JSON.parse(await textOf(answer)))
    const numbered = fileId === null ? undefined : files.find(({ id }) => String(id) === fileId)
    const alike = files.filter((file) => file.name === name)
    // Several files of a version may have one name: which of them comes, nobody can say then.
    const meant = numbered ?? (alike.length === 1 ? alike[0] : files.length === 1 ? files[0] : undefined)
    return meant ? { name: meant.name, sha256: sha256Of(meant.hashes?.SHA256) } : null
  } catch {
    told.signal.throwIfAborted()
    return null // what is not told is found out without it
  }
}

/** `attachment; filename="a.safetensors"`, or by RFC 5987. */
export function nameIn(disposition: string | null): string | null {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]{1,1000})/i.exec(disposition ?? '')?.[1]
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended)
    } catch {
      return null
    }
  }
  return /filename\s*=\s*"?([^";]{1,500})"?/i.exec(disposition ?? '')?.[1]?.trim() ?? null
}

const lastOf = (url: URL): string => {
  try {
    return decodeURIComponent(url.pathname.split('/').at(-1) ?? '')
  } catch {
    return ''
  }
}

/** How long the whole file is, by an answer to a question for its first byte. */
function lengthOf({ status, headers }: Pick<Answer, 'status' | 'headers'>): number | null {
  const said = status === 206 ? /^bytes 0-\d+\/(\d{1,15})$/.exec(headerOf(headers, 'content-range') ?? '')?.[1] : null
  const length = Number(said ?? (status === 200 ? headerOf(headers, 'content-length') : Number.NaN) ?? Number.NaN)
  return Number.isSafeInteger(length) && length > 0 ? length : null
}

/** Refuses what is no file. */
export function assertFile({ status, way, headers }: Pick<Answer, 'status' | 'way' | 'headers'>): void {
  const host = way.at(-1)?.host ?? ''
  if (status === 401 || status === 403) throw new Problem('library.refused', { host, status })
  if (status !== 200 && status !== 206) throw new Problem('library.answer', { host, status })
  // A page that asks to sign in is no model.
  if (/^text\/html\b/i.test(headerOf(headers, 'content-type') ?? '')) throw new Problem('library.page', { host })
}

/** A strong tag of the answer's own. */
export const etagOf = (headers: Answer['headers']): string | null => {
  const tag = headerOf(headers, 'etag')
  return tag !== null && /^"[^"]{1,200}"$/.test(tag) ? tag : null
}

/** Asks for the first byte of a file, and for what its hub says of it. Throws Problems. */
export async function look(ask: Ask, { url, about }: ModelAddress, told: Told): Promise<Looked> {
  const answer = await ask({ ...told, url, headers: { range: 'bytes=0-0' } })
  leave(answer.body)
  assertFile(answer)
  const bytes = lengthOf(answer)
  if (bytes === null) throw new Problem('library.no-size', { host: answer.way.at(-1)?.host ?? '' })
  const said = nameIn(headerOf(answer.headers, 'content-disposition'))
  const version =
    about && (await aboutVersion(ask, about, { name: said, fileId: url.searchParams.get('fileId') }, told))
  // Hugging Face says it where it redirects, and there alone: the tag of what it leads to is 64 hex digits too, and another
  // value. https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/file_download.py
  const linked = answer.hops.map((headers) => sha256Of(headerOf(headers, 'x-linked-etag'))).find((one) => one !== null)
  const names = [said, version?.name ?? null, lastOf(url), lastOf(answer.way.at(-1) ?? url)]
  return {
    name: names.flatMap((name) => (name === null ? [] : (modelFileName(name) ?? [])))[0] ?? null,
    bytes,
    etag: etagOf(answer.headers),
    canResume: answer.status === 206,
    sha256: version?.sha256 ?? linked ?? null,
    hosts: [...new Set(answer.way.map(({ host }) => host))],
  }
}
