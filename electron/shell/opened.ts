import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { plainText } from '../../shared/plain-text'
import { placeOfOpened, type Place } from './places'

/** So many files are taken at once, and so large ones, in bytes: a picture with its parameters, a workflow. */
const mostFiles = 16
const mostBytes = 64 * 2 ** 20

/** What nobody fetches is forgotten after so long, in ms. */
const keptMs = 60_000

/** What somebody may mean by dropping it; whatever else stands among arguments is no file of ours. */
const isOurs = (name: string) => /\.(?:png|json)$/i.test(name)

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Whether a file is what its name says: a PNG by its first bytes, a text by its being one. */
function isWhatItSays(name: string, bytes: Buffer): boolean {
  if (/\.png$/i.test(name)) return bytes.subarray(0, png.length).equals(png)
  return /^\uFEFF?\s*[[{]/.test(bytes.subarray(0, 64).toString('utf8'))
}

/**
 * The files among a program's arguments, whole, as a file manager hands them over. None where there is a link: whoever made
 * that may not name files. No file of another machine: to ask for one would tell it who asks.
 */
export function filesAmong(
  args: readonly string[],
  { cwd, platform, hasLink }: { cwd: string; platform: NodeJS.Platform; hasLink: boolean },
): string[] {
  if (hasLink) return []
  const paths = platform === 'win32' ? path.win32 : path.posix
  return args
    .filter((argument) => !argument.startsWith('-') && isOurs(argument) && !argument.includes('\0'))
    .map((argument) => paths.resolve(cwd, argument))
    .filter((file) => platform !== 'win32' || !/^[\\/]{2}/.test(file))
    .slice(0, mostFiles)
}

/** Reads a file that somebody has opened; empty where it is none that Regie takes, or too large. */
async function readOpened(file: string): Promise<Buffer> {
  // A pipe without a writer would be waited for.
  const handle = await open(file, process.platform === 'win32' ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = await handle.stat().then((stats) => (stats.isFile() ? stats : { size: 0 }))
    if (size === 0 || size > mostBytes) return Buffer.alloc(0)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
    const bytes = buffer.subarray(0, bytesRead)
    return isWhatItSays(file, bytes) ? bytes : Buffer.alloc(0)
  } finally {
    await handle.close()
  }
}

interface Opened {
  files: { name: string; path: string }[]
  cancel: NodeJS.Timeout
}

/** Files that somebody has opened with Regie, until its page has fetched them, once. */
export interface OpenedFiles {
  /** Where the page shows what it makes of them; null for none that could be meant. */
  offer(files: readonly string[]): Place | null
  /** Answers the page's request for them; null for any other. */
  answer(request: Request): Promise<Response | null>
}

const noSuch = () => new Response('There is no such file.', { status: 404 })

/** Keeps which files were opened. Only their names and what is in them leave it, by an id that cannot be guessed. */
export function createOpenedFiles(): OpenedFiles {
  const offers = new Map<string, Opened>()
  const forget = (id: string) => {
    clearTimeout(offers.get(id)?.cancel)
    offers.delete(id)
  }
  return {
    offer(files) {
      const ours = files.filter(isOurs).slice(0, mostFiles)
      if (ours.length === 0) return null
      const id = randomBytes(16).toString('hex')
      const cancel = setTimeout(() => forget(id), keptMs)
      cancel.unref()
      offers.set(id, { files: ours.map((file) => ({ name: nameOf(file), path: file })), cancel })
      return placeOfOpened(id)
    },
    async answer(request) {
      const { pathname } = new URL(request.url)
      const [, id = '', at] = /^\/opened\/([0-9a-f]{32})(?:\/(\d{1,2}))?$/.exec(pathname) ?? []
      if (!pathname.startsWith('/opened/')) return null
      const offer = offers.get(id)
      if (request.method !== 'GET' || !offer) return noSuch()
      const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
      if (at === undefined)
        return Response.json(
          offer.files.map(({ name }) => name),
          { headers },
        )
      const file = offer.files[Number(at)]
      if (!file) return noSuch()
      if (Number(at) === offer.files.length - 1) forget(id)
      const bytes = await readOpened(file.path).catch(() => Buffer.alloc(0))
      return new Response(new Uint8Array(bytes), {
        headers: { ...headers, 'content-type': 'application/octet-stream' },
      })
    },
  }
}

/** A file's name alone, as it is shown. */
const nameOf = (file: string): string => plainText(file.split(/[\\/]/).at(-1) ?? '').slice(0, 200)
