import { describe, expect, it } from 'vitest'
import type { StoredSink } from '../../../electron/credentials/record'
import { extractValue, renderSink } from '../../../electron/credentials/sinks/format'
import { Problem } from '../../../shared/problems'

const hash = '$2b$12$IvAbCdEfGhIjKlMnOpQrStUvWxYz0123456789./ABCDEFGHIJKLM'
const secret = { username: 'ann', password: 'pass-word', token: hash }
const sink = (type: StoredSink['type']): StoredSink => ({
  id: 's',
  type,
  path: '/x/file',
  key: type === 'env' ? 'TOK' : null,
  field: 'token',
  requires: null,
})
const render = (type: StoredSink['type'], current: string | null) =>
  renderSink(sink(type), secret, hash, current === null ? null : Buffer.from(current)).toString('utf8')
const problemOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.id
    throw error
  }
  return null
}

describe('the bytes of a sink', () => {
  it.each<[StoredSink['type'], string | null, string]>([
    ['comfyui-login', null, `${hash}\nann`],
    ['comfyui-login', 'old\r\nann\r\n', `${hash}\nann\n`],
    ['comfyui-login', 'old', `${hash}\nann`],
    ['file', null, hash],
    ['file', 'old\n', `${hash}\n`],
    ['file', 'old\r\n', `${hash}\n`],
    ['file', '', hash],
    ['env', null, `TOK='${hash}'\n`],
    ['env', 'A=1\nTOK=old\n', `A=1\nTOK='${hash}'\n`],
  ])('%s after %j', (type, current, expected) => {
    expect(render(type, current)).toBe(expected)
  })

  it('refuses to replace a file that holds more than a secret', () => {
    expect(problemOf(() => render('file', 'A=1\nB=2\n'))).toBe('sink.not-a-secret-file')
    expect(problemOf(() => render('comfyui-login', 'a\nb\nc\n'))).toBe('sink.not-a-secret-file')
    expect(problemOf(() => render('file', 'x'.repeat(9000)))).toBe('sink.not-a-secret-file')
  })

  it('refuses UTF-16, a broken .env and a value that readers read differently', () => {
    expect(problemOf(() => renderSink(sink('env'), secret, hash, Buffer.from('A=1\n', 'utf16le')))).toBe(
      'sink.not-text',
    )
    expect(problemOf(() => render('env', 'A="open\n'))).toBe('sink.env-broken')
    expect(problemOf(() => renderSink(sink('env'), secret, "it's", null))).toBe('sink.unsafe-value')
  })
})

describe('what a sink says', () => {
  it.each<[StoredSink['type'], string, string | null, string | null]>([
    ['comfyui-login', `${hash}\nann`, hash, null],
    ['comfyui-login', hash, hash, null],
    ['comfyui-login', `${hash}\r\nann\r\n`, hash, 'sink.crlf'],
    // The name is stripped: only the hash's own line matters.
    ['comfyui-login', `${hash}\nann\r\n`, hash, null],
    ['comfyui-login', `${hash}\nbob`, hash, 'sink.other-username'],
    ['file', `${hash}\n`, hash, null],
    ['file', `\ufeff${hash}`, hash, 'sink.bom'],
    ['env', `TOK='${hash}'\n`, hash, null],
    ['env', 'A=1\n', null, 'sink.no-key'],
    ['env', `\ufeffTOK='${hash}'\n`, hash, 'sink.bom'],
    ['env', 'TOK=$2b$12$Iv.abc\n', '$2b$12.abc', 'sink.mangled'],
  ])('%s %j', (type, text, value, caveat) => {
    const content = extractValue(sink(type), Buffer.from(text), secret)

    expect({ value: content.value, caveat: content.caveat?.problem ?? null }).toEqual({ value, caveat })
  })
})
