import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { StoredSink } from '../../../electron/credentials/record'
import { generatePassword, generateToken } from '../../../electron/credentials/secrets'
import { extractValue, isHarmless, renderSink } from '../../../electron/credentials/sinks/format'
import { tell } from '../../support/tell'

const runs = 300

/** The shape of what the panel generates: bcrypt hashes with their dollars, passwords, tokens. */
const hash = fc.stringMatching(/^\$2b\$12\$[./A-Za-z0-9]{53}$/)
const value = fc.oneof(hash, fc.constant(null).map(generatePassword), fc.constant(null).map(generateToken))

const ending = fc.constantFrom('\n', '\r\n')
/** Lines of other people, each with an ending of its own; the file may begin with a BOM and end without a newline. */
const fileOf = (line: fc.Arbitrary<string>) =>
  fc
    .record({
      lines: fc.array(fc.tuple(line, ending), { maxLength: 8 }),
      withBom: fc.boolean(),
      cutsLastEnding: fc.boolean(),
    })
    .map(({ lines, withBom, cutsLastEnding }) => ({
      lines: lines.map(([text, end], at) => text + (cutsLastEnding && at === lines.length - 1 ? '' : end)),
      bom: withBom ? '\ufeff' : '',
    }))

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/)
const anything = fc.stringMatching(/^[abc $#=;:'"\\éü漢0%{}]{0,20}$/)

const sinkOf = (type: StoredSink['type'], key: string | null): StoredSink => ({
  id: 's',
  type,
  path: '/x/file',
  key,
  field: 'token',
  requires: null,
})

function write(sink: StoredSink, text: string | null, secret: string): string {
  const whole = { username: 'ann', password: 'a-password', token: secret, sessionKey: null }
  return renderSink(sink, whole, secret, text === null ? null : Buffer.from(text)).toString('utf8')
}

/** What the sink's readers get, and whether they have a reservation. */
function read(sink: StoredSink, text: string, secret: string) {
  const whole = { username: 'ann', password: 'a-password', token: secret, sessionKey: null }
  const { value: found, caveat } = extractValue(sink, Buffer.from(text), whole)
  // Windows' line ends are told, and harm no value.
  return { found, caveat: isHarmless(caveat) ? null : caveat?.problem }
}
const asWritten = (secret: string) => ({ found: secret, caveat: null })

test('.env: the value comes back, and every other line stays to the byte', (context) => {
  const other = fc.oneof(
    fc.constant(''),
    anything.map((text) => `# ${text}`),
    fc.tuple(word, word).map(([key, text]) => `${key}=${text}`),
    fc.tuple(word, anything).map(([key, text]) => `${key}='${text.replaceAll("'", '').replaceAll('\\', '')}' # note`),
    fc.tuple(word, word).map(([key, text]) => `export ${key}="${text} \\"quoted\\""`),
  )
  const own = fc.constantFrom(null, 'TOKEN=', 'TOKEN=old', "TOKEN='old' # mine", 'TOKEN="old"', 'export TOKEN=old')
  fc.assert(
    fc.property(fileOf(other), own, fc.nat(), value, ({ lines, bom }, line, where, secret) => {
      const at = line === null ? lines.length : where % (lines.length + 1)
      const head = lines.slice(0, at).join('')
      // A line in the middle of others: what stands before it ends.
      const gap = line !== null && head !== '' && !head.endsWith('\n') ? '\n' : ''
      const tail = lines.slice(at).join('')
      const before = bom + head + gap + (line === null ? '' : `${line}\r\n`) + tail

      const after = write(sinkOf('env', 'TOKEN'), before, secret)

      expect(read(sinkOf('env', 'TOKEN'), after, secret)).toEqual(asWritten(secret))
      expect(after.startsWith(head + gap)).toBe(true)
      if (line !== null) expect(after.endsWith(tail)).toBe(true)
      expect(write(sinkOf('env', 'TOKEN'), after, secret)).toBe(after)
    }),
    { numRuns: runs },
  )
  tell(context, `Property tests: ${runs} values written into .env files and read back`)
})

test('JSON: the value comes back, and the rest of the text stays to the byte', (context) => {
  const json = fc.record({
    a: fc.jsonValue({ maxDepth: 2 }),
    z: fc.jsonValue({ maxDepth: 2 }),
    indent: fc.nat({ max: 3 }),
  })
  fc.assert(
    fc.property(json, fc.boolean(), value, ({ a, z, indent }, isWindows, secret) => {
      const lines = (of: unknown) => {
        const text = JSON.stringify(of, null, indent)
        return isWindows ? text.replaceAll('\n', '\r\n') : text
      }
      const before = lines({ a, auth: { 'to/ken': 'here-it-stands' }, z })

      const after = write(sinkOf('json', '/auth/to~1ken'), before, secret)

      expect(after).toBe(before.replace('"here-it-stands"', () => `"${secret}"`))
      expect(JSON.parse(after)).toEqual(JSON.parse(lines({ a, auth: { 'to/ken': secret }, z })))
      expect(read(sinkOf('json', '/auth/to~1ken'), after, secret)).toEqual(asWritten(secret))
    }),
    { numRuns: runs },
  )
  tell(context, `Property tests: ${runs} values written into JSON files and read back`)
})

test('YAML: the value comes back as Compose reads it, with comments and order kept', (context) => {
  const comment = fc.tuple(word, ending).map(([text, end]) => `# ${text}${end}`)
  const plain = fc.tuple(word, word).map(([key, text]) => `x-${key}: '${text}'`)
  const old = fc.constantFrom('old', "'old'", '"old"', '""', '~')
  fc.assert(
    fc.property(
      fc.array(comment),
      fc.array(plain, { maxLength: 3 }),
      old,
      fc.boolean(),
      value,
      (head, extra, had, isCompose, secret) => {
        const top = isCompose ? 'services' : 'clients'
        const unique = [...new Map(extra.map((line) => [line.split(':')[0], line])).values()]
        const lines = [
          ...unique,
          `${top}:`,
          '  one: # ours',
          '    environment:',
          `      TOKEN: @   # kept`,
          '      LAST: 1',
          '',
        ]
        const text = (of: string) => head.join('') + lines.join('\n').replace('@', () => of)
        const sink = sinkOf('yaml', `/${top}/one/environment/TOKEN`)

        const after = write(sink, text(had), secret)

        const doubled = isCompose ? secret.replaceAll('$', '$$$$') : secret
        expect(after).toBe(text(`'${doubled}'`))
        expect(parseYaml(after)).toMatchObject({ [top]: { one: { environment: { TOKEN: doubled, LAST: 1 } } } })
        expect(read(sink, after, secret)).toEqual(asWritten(secret))
      },
    ),
    { numRuns: runs },
  )
  tell(context, `Property tests: ${runs} values written into YAML files and read back`)
})

test('INI: the value comes back, and every other line stays to the byte', (context) => {
  const other = fc.oneof(
    fc.constant(''),
    word.map((text) => `; ${text}`),
    word.map((text) => `# ${text}`),
    fc.tuple(word, word).map(([key, text]) => `other-${key} = "${text}"`),
    fc.tuple(word, word).map(([key, text]) => `other-${key}: ${text}`),
  )
  fc.assert(
    fc.property(
      fileOf(other),
      fileOf(other),
      fc.constantFrom('=', ': ', ' = '),
      value,
      (above, below, sign, secret) => {
        const close = (lines: string[]) => lines.join('') + (lines.at(-1)?.endsWith('\n') === false ? '\n' : '')
        const head = `${close(above.lines)}[auth]\r\n`
        const tail = `\n[other]\ntoken = else\n${close(below.lines)}`
        const sink = sinkOf('ini', 'auth.token')

        const after = write(sink, `${above.bom}${head}token${sign}old${tail}`, secret)

        expect(after).toBe(`${head}token${sign}${secret}${tail}`)
        expect(read(sink, after, secret)).toEqual(asWritten(secret))
      },
    ),
    { numRuns: runs },
  )
  tell(context, `Property tests: ${runs} values written into INI files and read back`)
})

test('whole files and PASSWORD files hold the value and nothing else', (context) => {
  const former = fc.constantFrom(null, '', 'old', 'old\n', 'old\r\n', '\ufeffold\n')
  const formerLogin = fc.oneof(former, fc.constantFrom('old\nann', 'old\nann\n', 'old\r\nann\r\n'))
  fc.assert(
    fc.property(former, formerLogin, hash, (file, login, secret) => {
      const whole = write(sinkOf('file', null), file, secret)
      const password = write(sinkOf('comfyui-login', null), login, secret)

      expect(whole.replace(/\n$/, '')).toBe(secret)
      expect(password.replace(/\n$/, '')).toBe(`${secret}\nann`)
      expect(whole.endsWith('\n')).toBe(file?.endsWith('\n') === true)
      expect(read(sinkOf('file', null), whole, secret)).toEqual(asWritten(secret))
      expect(read(sinkOf('comfyui-login', null), password, secret)).toEqual(asWritten(secret))
    }),
    { numRuns: runs },
  )
  tell(context, `Property tests: ${2 * runs} values written into whole files and PASSWORD files and read back`)
})
