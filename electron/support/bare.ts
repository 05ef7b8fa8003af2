/** Names of a file's own, short and without a space: nobody writes a sentence, a path or an address in one. */
const plain = /^[a-z0-9][\w.:+-]{0,63}$/i

/** Keys of an object; what is none of them is a name that somebody chose, an account's id, or worse. */
const plainKey = /^[a-z_]{1,32}$/i

/** An address on this machine, which tells of nobody. */
const ownAddress = /^https?:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?$/

/** Under these keys stands what Regie itself has words for, or an id that the page shows everywhere. */
const told: ReadonlySet<string> = new Set([
  ...['id', 'kind', 'runtime', 'state', 'scheme', 'problem', 'code', 'action', 'format'],
  ...['credentialId', 'uuid', 'gpu', 'unit', 'mode'],
])

/** What stands in place of a text that is left out: that there was one, and how long it was. */
const leftOut = (text: string) => `(text left out, ${text.length} characters)`

/**
 * The shape of a value without what people wrote into it: numbers, switches and structure stay, of texts only those
 * under keys for which Regie has words of its own, and addresses on this machine. All else is told by its length: a
 * secret in clear text, a prompt, a path or a name cannot stand where no text may.
 */
export function bare(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    const isKept = told.has(key) ? plain.test(value) : key === 'url' && ownAddress.test(value)
    return isKept ? value : leftOut(value)
  }
  if (Array.isArray(value)) return value.map((item: unknown) => bare(item, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown], at) => [
      plainKey.test(name) ? name : `(name ${at + 1} left out)`,
      bare(inner, name),
    ]),
  )
}
