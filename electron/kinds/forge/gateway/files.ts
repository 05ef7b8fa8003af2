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
/** So much of what has passed may be the begin of one. */
const longestTold = 2_048

/** Whose pictures are whose among those that Forge's pages show. */
export function createFiles(owners: GatewayOwners) {
  const note = (path: string | null, visitor: Visitor) => {
    if (path) owners.note('file', ofPerson(visitor.account, path), visitor)
  }
  return {
    /** `/file=…`: parts of the page, and what one's own jobs made. Nothing leads upwards: such paths come to nobody. */
    file(path: ReadPath, visitor: Visitor): Handling | OwnAnswer {
      const [first = '', ...rest] = path.segments
      const start = first.startsWith('file=') ? first.slice('file='.length) : ''
      const named = first === 'file' ? rest.join('/') : [start, ...rest].join('/')
      const isOwn = owners.of('file', ofPerson(visitor.account, named))?.account === visitor.account
      return isOwn || ofPage.test(named) ? {} : notThere
    },
    /** The events of a page's session: the files in them are the person's. */
    stream: (visitor: Visitor): Handling => ({
      seen() {
        let rest = ''
        return (chunk) => {
          const text = rest + chunk.toString('latin1')
          for (const [, path] of text.matchAll(told)) note(stringOf(path), visitor)
          rest = text.slice(-longestTold)
        }
      },
    }),
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
