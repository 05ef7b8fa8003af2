/** One object of a repository's store. */
export interface GitObject {
  id: string
  type: string
}

const lineEnd = 0x0a

/**
 * Takes the output of `git cat-file --batch` apart as it comes: a line `<id> <type> <size>`, so many bytes, a line end.
 * An object of any size takes no memory.
 */
export function createObjectReader(on: {
  begin: (object: GitObject) => void
  bytes: (bytes: Buffer) => void
  end: (object: GitObject) => void
  /** Git has no readable content for it. */
  missing: (id: string) => void
}) {
  let head = ''
  let object: GitObject | null = null
  /** Bytes of the object that are still to come, the line end behind them included. */
  let missing = 0

  const begin = () => {
    const [id = '', type = '', size = ''] = head.split(' ')
    head = ''
    // `<id> missing`: damaged, or not fetched.
    if (!/^\d+$/.test(size)) {
      on.missing(id)
      return
    }
    object = { id, type }
    missing = Number(size) + 1
    on.begin(object)
  }

  return {
    push(chunk: Buffer) {
      for (let at = 0; at < chunk.length;) {
        if (!object) {
          const end = chunk.indexOf(lineEnd, at)
          head += chunk.toString('latin1', at, end < 0 ? chunk.length : end)
          at = end < 0 ? chunk.length : end + 1
          if (end >= 0) begin()
          continue
        }
        const part = chunk.subarray(at, at + missing)
        at += part.length
        missing -= part.length
        const content = missing === 0 ? part.subarray(0, -1) : part
        if (content.length > 0) on.bytes(content)
        if (missing > 0) continue
        on.end(object)
        object = null
      }
    },
  }
}
