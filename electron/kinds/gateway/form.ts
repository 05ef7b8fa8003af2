import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../../../shared/problems'
import type { BodyWatch } from '../gateway'

/** A field of a form: its text, or for a file its name. */
export interface FormPart {
  name: string
  filename: string | null
  value: string | null
}

const longest = { head: 4_096, value: 64 * 1024, parts: 50 }

const disposition =
  /^form-data; name="([^"\\\r\n]*)"(?:; filename="((?:[^"\\\r\n]|\\["\\])*)"|; filename\*=utf-8''([\w%.~-]+))?$/i

const unreadable = (why: string) => new Problem('gateway.unreadable', { why })

function fileName(plain: string | undefined, encoded: string | undefined): string | null {
  if (encoded === undefined) return plain?.replaceAll(/\\(.)/g, '$1') ?? null
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw unreadable('the name of its file is odd')
  }
}

/**
 * The head of a part. Everything that readers of forms differ on is refused: other encodings of names, folded lines, lines
 * that are not known.
 */
function readHead(head: string): FormPart {
  let part: FormPart | null = null
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? []
    switch (name.toLowerCase()) {
      case 'content-disposition': {
        const [, field, plain, encoded] = disposition.exec(value) ?? []
        if (field === undefined || part !== null) throw unreadable('a part of its form has an odd name')
        part = { name: field, filename: fileName(plain, encoded), value: null }
        break
      }
      case 'content-type':
      case 'content-length':
        break
      default:
        throw unreadable('a part of its form has odd headers')
    }
  }
  if (part === null) throw unreadable('a part of its form has no name')
  return part
}

/**
 * Looks at `multipart/form-data` on its way: it streams on but for the last boundary, which `check` has to let through.
 * Throws what `check` throws, and a Problem for a form that two programs could read in two ways.
 */
export function watchForm(
  headers: IncomingHttpHeaders,
  check: (parts: readonly FormPart[]) => Promise<void>,
): BodyWatch {
  const type = headers['content-type'] ?? ''
  const boundary = /^multipart\/form-data;\s*boundary=(?:"([^"\\]{1,70})"|([^\s;",\\]{1,70}))$/i.exec(type)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined) throw unreadable('it is no form with files')
  if (headers['content-encoding'] !== undefined) throw unreadable('its body is packed')
  return new FormWatch(mark, check)
}

type State = 'start' | 'head' | 'value' | 'file' | 'end'

class FormWatch implements BodyWatch {
  readonly #boundary: Buffer
  readonly #first: Buffer
  readonly #check: (parts: readonly FormPart[]) => Promise<void>
  readonly #parts: FormPart[] = []
  #state: State = 'start'
  /** What has come and was not sent on. */
  #held: Buffer = Buffer.alloc(0)

  constructor(mark: string, check: (parts: readonly FormPart[]) => Promise<void>) {
    this.#boundary = Buffer.from(`\r\n--${mark}`, 'latin1')
    this.#first = this.#boundary.subarray(2)
    this.#check = check
  }

  next(chunk: Buffer): Buffer {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const sent: Buffer[] = []
    const send = (bytes: number) => {
      sent.push(this.#held.subarray(0, bytes))
      this.#held = this.#held.subarray(bytes)
    }
    while (this.#step(send));
    return sent.length === 1 ? (sent[0] ?? Buffer.alloc(0)) : Buffer.concat(sent)
  }

  async end(): Promise<Buffer> {
    if (this.#state !== 'end' || this.#held.toString('latin1').replace(/^--(?:\r\n)?$/, '') !== '')
      throw unreadable('its form does not end as it should')
    await this.#check(this.#parts)
    return Buffer.concat([this.#boundary, this.#held])
  }

  /** One thing that is whole; false where more has to come first. */
  #step(send: (bytes: number) => void): boolean {
    switch (this.#state) {
      case 'start':
        return this.#begin(send)
      case 'head':
        return this.#readHead(send)
      case 'value':
      case 'file':
        return this.#readContent(send)
      case 'end':
        if (this.#held.length > 4) throw unreadable('something follows its form')
        return false
    }
  }

  #begin(send: (bytes: number) => void): boolean {
    if (this.#held.length < this.#first.length + 2) return false
    if (!this.#held.subarray(0, this.#first.length).equals(this.#first)) throw unreadable('something precedes its form')
    send(this.#first.length)
    this.#state = 'head'
    return true
  }

  #readHead(send: (bytes: number) => void): boolean {
    const end = this.#held.indexOf('\r\n\r\n', 0, 'latin1')
    if (end === -1 && this.#held.length > longest.head) throw unreadable('a part of its form has no end')
    if (end === -1) return false
    const head = this.#held.subarray(0, end).toString('utf8')
    if (!head.startsWith('\r\n')) throw unreadable('a boundary of its form is odd')
    if (this.#parts.length >= longest.parts) throw unreadable('its form has too many parts')
    const part = readHead(head.slice(2))
    this.#parts.push(part)
    this.#state = part.filename === null ? 'value' : 'file'
    send(end + 4)
    return true
  }

  #readContent(send: (bytes: number) => void): boolean {
    const at = this.#held.indexOf(this.#boundary)
    const isValue = this.#state === 'value'
    if (at === -1) {
      if (isValue && this.#held.length > longest.value) throw unreadable('a field of its form is too long')
      // The boundary may have begun.
      const safe = this.#held.length - this.#boundary.length
      if (!isValue && safe > 0) send(safe)
      return false
    }
    const after = at + this.#boundary.length
    if (this.#held.length < after + 2) return false
    const part = this.#parts.at(-1)
    if (isValue && part) part.value = this.#held.subarray(0, at).toString('utf8')
    const isLast = this.#held.subarray(after, after + 2).toString('latin1') === '--'
    send(isLast ? at : after)
    if (isLast) this.#held = this.#held.subarray(this.#boundary.length)
    this.#state = isLast ? 'end' : 'head'
    return true
  }
}
