import { Problem } from '../../../../shared/problems'
import type { GatewayOwners, Handling, OwnAnswer, Visitor } from '../../gateway'
import type { ReadPath } from '../../gateway/path'
import { elementsOf, stringOf } from '../../gateway/spans'

/** Parts of the page itself: what the installation brings, and whatever is no picture, film, sound or text. */
const ofPage =
  /^(?:html|javascript|extensions|extensions-builtin|modules_forge)\/|\.(?:m?js|css|map|woff2?|ttf|html|wasm)$/i
const notThere: OwnAnswer = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: '{"detail": "Not Found"}',
}

/** One spelling for a path on the service's machine, which may be Windows. */
const keyOf = (path: string) => path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')

const ofPerson = (account: string, path: string) => `${account}:${keyOf(path)}`

/** What a page is told of a file: `"path": "…"`. */
const told = /"path":\s*("(?:[^"\\]|\\.){1,1000}")/g
/** Bytes that were read one by one, so that none is cut, as the text that they are. */
const inUtf8 = (bytes: string | undefined) => Buffer.from(bytes ?? '', 'latin1').toString('utf8')
/** So much of what has passed may be the begin of one. */
const longestTold = 2_048

/** A value nested deeper is no page's. */
const deepest = 64

/** A value of a page's, as it is sent on; and the same without the files in it, for what looks at the rest. */
interface Value {
  sent: unknown
  rest: unknown
}

/** Whether a file that a value names is the person's. */
type IsOwn = (path: string) => boolean

/** A file as gradio has it (`FileData`): only where it lies counts, and what could have it fetched elsewhere goes. */
function ownFile(file: Record<string, unknown>, isOwn: IsOwn): Value | null {
  const { path = null, url = null, is_file: isFile = null } = file
  if (path === null && url === null && isFile === null) return null
  const isBrought = path === null && isFile === null && typeof url === 'string' && url.startsWith('data:image/')
  const isHis = isFile === null && typeof path === 'string' && isOwn(path)
  if (!isBrought && !isHis) {
    const name = [path, file.name, url].find((one) => typeof one === 'string') ?? '?'
    throw new Problem('gateway.not-your-file', { name: name.slice(0, 200) })
  }
  const { orig_name, mime_type, size } = file
  const sent = isBrought ? { url } : { path, orig_name, mime_type, size }
  return { sent: { ...sent, meta: { _type: 'gradio.FileData' } }, rest: null }
}

function withOwn(value: unknown, isOwn: IsOwn, depth = 0): Value {
  if (typeof value !== 'object' || value === null) return { sent: value, rest: value }
  if (depth > deepest) throw new Problem('gateway.unreadable', { why: 'its values are nested too deep' })
  if (Array.isArray(value)) {
    const all = value.map((inner: unknown) => withOwn(inner, isOwn, depth + 1))
    return { sent: all.map(({ sent }) => sent), rest: all.map(({ rest }) => rest) }
  }
  const file = ownFile({ ...value }, isOwn)
  if (file) return file
  const all = Object.entries(value).map(([key, inner]) => [key, withOwn(inner, isOwn, depth + 1)] as const)
  return {
    sent: Object.fromEntries(all.map(([key, { sent }]) => [key, sent])),
    rest: Object.fromEntries(all.map(([key, { rest }]) => [key, rest])),
  }
}

/** Whose pictures are whose among those that Forge's pages show. */
export function createFiles(owners: GatewayOwners) {
  const note = (path: string | null, visitor: Visitor) => {
    if (path) owners.note('file', ofPerson(visitor.account, path), visitor)
  }
  const isOwn = (path: string, { account }: Visitor) => owners.of('file', ofPerson(account, path))?.account === account

  return {
    /** A value that a page sends; throws `gateway.not-your-file` where it names a file that is not the person's. */
    withOwn: (value: unknown, visitor: Visitor): Value => withOwn(value, (path) => isOwn(path, visitor)),
    /** `/file=…`: parts of the page, and what one's own jobs made. Nothing leads upwards: such paths come to nobody. */
    file(path: ReadPath, visitor: Visitor): Handling | OwnAnswer {
      const [first = '', ...rest] = path.segments
      const start = first.startsWith('file=') ? first.slice('file='.length) : ''
      const named = first === 'file' ? rest.join('/') : [start, ...rest].join('/')
      return isOwn(named, visitor) || ofPage.test(named) ? {} : notThere
    },
    /** Sees the events of a page's session pass: the files in them are the person's. */
    see(visitor: Visitor): (chunk: Buffer) => void {
      let rest = ''
      return (chunk) => {
        const text = rest + chunk.toString('latin1')
        for (const [, path] of text.matchAll(told)) note(stringOf(inUtf8(path)), visitor)
        rest = text.slice(-longestTold)
      }
    },
    /** Files that are given to a page: the answer lists where they lie. */
    upload: (visitor: Visitor): Handling => ({
      answer: {
        maxBytes: 2 ** 20,
        read(body) {
          for (const path of elementsOf(body.toString('utf8')) ?? []) note(stringOf(path), visitor)
          return body
        },
      },
    }),
  }
}

export type Files = ReturnType<typeof createFiles>
