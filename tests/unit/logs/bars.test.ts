import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { long } from '../../support/long'
import { createLogParser } from '../../../electron/docker/logs/parse'
import { wholeText } from '../../../electron/logs/cutting'
import { createLineSplitter, maxLine, reach, type OutputLine } from '../../../electron/logs/lines'
import { createLog } from '../../../electron/logs/log'

const twoBars = readFileSync(path.join(import.meta.dirname, '../../cases/logs/two-bars.bytes'))

/** The lines that a reader sees in the end, whose output came in these pieces. */
async function shown(pieces: readonly OutputLine[][]) {
  const log = createLog({ redact: (text) => text })
  for (const lines of pieces) log.output('stdout', lines)
  return (await log.tail(100_000)).map(({ text, styles }) => (styles ? { text, styles } : text))
}

function piecesOf(all: Uint8Array, cuts: readonly number[]): OutputLine[][] {
  const splitter = createLineSplitter()
  const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length]
  return [...places.slice(1).map((end, at) => splitter.push(all.subarray(places[at], end))), splitter.end()]
}

const read = (text: string, cuts: readonly number[] = []) => shown(piecesOf(Buffer.from(text), cuts))

describe('progress bars', () => {
  test('two of them are two lines, each in its last state, and then the last line', async () => {
    const [inner, total, last, ...others] = await shown(piecesOf(twoBars, []))

    expect(inner).toMatch(/^100%\|█+\| 8\/8 \[00:00<00:00, 46\.50it\/s\]$/)
    expect(total).toMatch(/^Total progress: 100%\|█+\| 8\/8 \[00:00<00:00, 46\.45it\/s\]$/)
    expect([last, ...others]).toEqual(['done'])
  })

  test('two of them come out the same however their bytes are cut', async () => {
    const expected = await shown(piecesOf(twoBars, []))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 60 }), async (cuts) => {
        expect(await shown(piecesOf(twoBars, cuts))).toEqual(expected)
      }),
    )
  })

  test('two of them move: a reader who follows sees each at its own number', async () => {
    const log = createLog({ redact: (text) => text })
    const follow = log.follow({ tail: 10 }, AbortSignal.timeout(5_000))
    const splitter = createLineSplitter()
    const push = async (text: string) => {
      log.output('stderr', splitter.push(Buffer.from(text)))
      const { value } = await follow.next()
      return (value ?? []).map(({ seq, text: shownText }) => [seq, shownText])
    }

    expect(await push('\n\rtotal 0%\u001b[A\rstep 0%')).toEqual([
      [0, 'step 0%'],
      [1, 'total 0%'],
    ])
    expect(await push('\n\rtotal 50%\u001b[A\rstep 50%')).toEqual([
      [0, 'step 50%'],
      [1, 'total 50%'],
    ])
  })

  test('in a container’s log they are two lines too', async () => {
    const parser = createLogParser({ tty: false }, wholeText)
    const frame = (payload: Buffer) => {
      const header = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0])
      header.writeUInt32BE(payload.length, 4)
      return Buffer.concat([header, payload])
    }
    const stamp = Buffer.from('2026-11-22T19:55:01.000000001Z ')
    const { lines } = parser.push(frame(Buffer.concat([stamp, twoBars])))

    expect(await shown([lines, parser.end()])).toEqual(await shown(piecesOf(twoBars, [])))
  })

  test.each([
    ['up and over', 'a\nb\nc\u001b[2A\rA\n\n\u001b[0m\rC', ['A', 'b', 'C']],
    ['up further than there are lines', 'a\nb\u001b[99999999A\rA', ['A', 'b']],
    ['down further than there are lines', 'a\nb\u001b[A\rA\u001b[99B\rB', ['A', 'B']],
    ['by whole lines', 'a\nb\nc\u001b[2FA\u001b[1EB', ['A', 'B', 'c']],
    ['an erased line', 'long text\u001b[2K\u001b[Gnew', ['new']],
    ['a line that is erased and left', 'text\u001b[2K\n', ['text']],
    ['an erased end', 'done\u001b[K\nnext\u001b[0K', ['done', 'next']],
    ['a cursor put aside', 'a\u001b[10;20Hb\u001b[s\u001b[u', ['ab']],
    ['a title that never ends', 'a\u001b]0;title\nb', ['a', 'b']],
    ['a link', '\u001b]8;;http://x/\u001b\\link\u001b]8;;\u001b\\', ['link']],
    ['half a sequence at the end', 'a\u001b[', ['a[']],
    ['a Windows line end', 'a\r\nb\r\n', ['a', 'b']],
    ['a bar with its return at the end', '10%\r20%\r', ['20%']],
  ])('%s', async (_, text, expected) => {
    expect(await read(text)).toEqual(expected)
  })

  test('only near lines can be taken back', async () => {
    const many = Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n')

    const lines = await read(`${many}\u001b[1000A\rtaken`)

    expect(lines.indexOf('taken')).toBe(40 - reach)
    expect(lines).toHaveLength(40)
  })

  test('whatever a program sends, the lines are the same however it is cut, and hold no control character', async () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[a-zé模🎨 ]{0,6}$/u),
      fc.constantFrom('\n', '\r', '\r\n', '\t', '\u001b', '\u0007', '\u0000', '\u009b', '\u001b]0;t', '\u001b\\'),
      fc.constantFrom('\u001b[A', '\u001b[3A', '\u001b[B', '\u001b[2K', '\u001b[K', '\u001b[31m', '\u001b[0m'),
      fc.constantFrom('\u001b[E', '\u001b[F', '\u001b[G', '\u001b[1;1H', '\u001b[?25l', '\u001b[', '\u001bM', ';'),
      fc.nat(200).map((length) => `\u001b[${'1'.repeat(length)}A`),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (parts, cuts) => {
          const text = parts.join('')
          const whole = await read(text)

          expect(await read(text, cuts)).toEqual(whole)
          for (const line of whole)
            expect((typeof line === 'string' ? line : line.text).replaceAll('\t', '')).not.toMatch(/\p{Cc}/u)
        },
      ),
      { numRuns: 500 },
    )
  })

  const inProportion = (unit: string) => {
    const splitter = createLineSplitter()
    const chunk = Buffer.from(unit.repeat(Math.floor((64 * 1024) / unit.length)))
    const started = performance.now()
    let longest = 0
    for (let chunks = 0; chunks < 8; chunks++)
      for (const { text } of splitter.push(chunk)) longest = Math.max(longest, text.length)

    expect(longest).toBeLessThanOrEqual(maxLine)
    // Half a mebibyte takes some hundred ms; in the square of its length it would be many minutes.
    expect(performance.now() - started).toBeLessThan(20_000)
  }
  const hostile = 'hostile output (%j without end) costs time and memory in proportion to its length'
  const slow = { timeout: 60_000 }
  test.each(['\u001b[A\r', '\u001b[', 'x'])(hostile, slow, inProportion)
  const further = ['\n', '\u001b]x', '\r\n', 'a\n\u001b[16A', '\u001b[31m', '\u001b[A\rx\n']
  test.each(further)(hostile, { ...long, ...slow }, inProportion)
})
