import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guessLevel } from '../../../electron/logs/level'
import { createLineSplitter, type OutputLine } from '../../../electron/logs/lines'
import { createLog } from '../../../electron/logs/log'
import type { LogLine } from '../../../shared/contract'

const bytes = (text: string) => new TextEncoder().encode(text)
const whole = (texts: string[]): OutputLine[] => texts.map((text) => ({ text, replaces: false }))
const create = () => createLog({ redact: (text) => text.replaceAll('hunter2', '[secret]') })

describe('cutting output into lines', () => {
  test('lines and characters come out whole however the bytes are cut', () => {
    const text = 'Lädt …\nmodèle ✓ 模型\n🎨 fertig\r\n'
    const all = bytes(text)
    fc.assert(
      fc.property(fc.array(fc.nat(all.length)), (cuts) => {
        const splitter = createLineSplitter()
        const places = [0, ...cuts.sort((a, b) => a - b), all.length]
        const lines = places.slice(1).flatMap((end, i) => splitter.push(all.slice(places[i], end)))
        expect([...lines, ...splitter.end()]).toEqual(whole(['Lädt …', 'modèle ✓ 模型', '🎨 fertig']))
      }),
    )
  })

  test('the last line is kept when it has no end', () => {
    const splitter = createLineSplitter()

    expect(splitter.push(bytes('a\nb'))).toEqual(whole(['a']))
    expect(splitter.end()).toEqual(whole(['b']))
  })

  test('empty lines are lines', () => {
    expect(createLineSplitter().push(bytes('a\n\nb\n'))).toEqual(whole(['a', '', 'b']))
  })

  test('a progress bar is one line that is replaced, and shown before it ends', () => {
    const splitter = createLineSplitter()

    const first = splitter.push(bytes('\r  0%|   | 0/20'))
    const later = splitter.push(bytes('\r 50%|#  | 10/20\r 60%|## | 12/20'))
    const last = splitter.push(bytes('\r100%|###| 20/20\ndone\n'))

    expect(first).toEqual([{ text: '  0%|   | 0/20', replaces: false }])
    expect(later).toEqual([{ text: ' 60%|## | 12/20', replaces: true }])
    expect(last).toEqual([
      { text: '100%|###| 20/20', replaces: true },
      { text: 'done', replaces: false },
    ])
  })

  test('a line without end is cut before it fills the memory', () => {
    const lines = createLineSplitter().push(bytes('x'.repeat(40_000)))

    expect(lines.map((line) => line.text.length)).toEqual([16_384, 16_384])
  })

  test('colours, titles and other control characters are removed', () => {
    const [line] = createLineSplitter().push(
      bytes('\u001b[1;32mINFO\u001b[0m \u001b]0;title\u0007ok\u0000\tend\u001b[2K\n'),
    )

    expect(line?.text).toBe('INFO ok\tend')
  })
})

test.each([
  ['Starting server', 'info'],
  ['Finished with 0 errors', 'info'],
  ['Loading errors.py', 'info'],
  ['   0.0 seconds: /opt/ComfyUI/custom_nodes/websocket_image_save.py', 'info'],
  ['   0.1 seconds (IMPORT FAILED): /opt/ComfyUI/custom_nodes/ComfyUI-Login', 'error'],
  ['Cannot import /opt/ComfyUI/custom_nodes/ComfyUI-Login module for custom nodes: no key', 'error'],
  ['UserWarning: torch.meshgrid', 'warn'],
  ['WARNING: xformers is not installed', 'warn'],
  ['Traceback (most recent call last):', 'error'],
  ['torch.OutOfMemoryError: CUDA out of memory', 'error'],
  ['[ERROR] An error occurred while retrieving information', 'error'],
])('%s looks like %s', (line, level) => {
  expect(guessLevel(line)).toBe(level)
})

/** Reads batches until `enough` of their lines. */
async function take(follow: AsyncGenerator<LogLine[], void, undefined>, enough: number): Promise<LogLine[]> {
  const lines: LogLine[] = []
  while (lines.length < enough) {
    const next = await follow.next()
    if (next.done) break
    lines.push(...next.value)
  }
  return lines
}

const texts = (lines: LogLine[]) => lines.map((line) => line.text)

describe('the log of a service', () => {
  test('is redacted before anything is kept', async () => {
    const log = create()

    log.output('stdout', whole(['token=hunter2']))
    log.panel('Started with hunter2.')

    expect(texts(await log.tail(10))).toEqual(['token=[secret]', 'Started with [secret].'])
  })

  test('numbers its lines one by one and keeps the last 10,000', async () => {
    const log = create()

    log.output('stdout', whole(Array.from({ length: 25_000 }, (_, i) => `line ${i}`)))

    const lines = await log.tail(100_000)
    expect(lines).toHaveLength(10_000)
    expect(lines[0]).toMatchObject({ seq: 15_000, text: 'line 15000' })
    expect(lines.at(-1)?.seq).toBe(24_999)
  })

  test('is bounded in size as well', async () => {
    const log = create()

    log.output('stdout', whole(Array.from({ length: 2_000 }, () => 'x'.repeat(16_000))))

    expect((await log.tail(10_000)).length).toBeLessThan(600)
  })

  test('a progress line keeps its number when it is replaced, even after another stream’s line', async () => {
    const log = create()
    log.output('stderr', whole(['10%']))
    log.output('stdout', whole(['hello']))

    log.output('stderr', [{ text: '20%', replaces: true }])

    expect((await log.tail(10)).map(({ seq, text }) => [seq, text])).toEqual([
      [0, '20%'],
      [1, 'hello'],
    ])
  })

  test('a reader gets the tail, then what comes, in batches', async () => {
    const log = create()
    const stop = new AbortController()
    log.output('stdout', whole(['a', 'b', 'c']))
    const follow = log.follow({ tail: 2 }, stop.signal)

    const before = await take(follow, 2)
    log.output('stdout', whole(['d']))
    log.output('stderr', whole(['e']))
    const after = await take(follow, 2)
    stop.abort()

    expect([texts(before), texts(after)]).toEqual([
      ['b', 'c'],
      ['d', 'e'],
    ])
    expect((await follow.next()).done).toBe(true)
  })

  test('a reader that continues gets what came after its last line', async () => {
    const log = create()
    log.output('stdout', whole(['a', 'b', 'c']))

    const lines = await take(log.follow({ tail: 200, after: 0 }, AbortSignal.timeout(1_000)), 2)

    expect(texts(lines)).toEqual(['b', 'c'])
  })

  test('a number from an earlier run of the panel gets the tail', async () => {
    const log = create()
    log.output('stdout', whole(['a', 'b']))

    const lines = await take(log.follow({ tail: 1, after: 5_000 }, AbortSignal.timeout(1_000)), 1)

    expect(texts(lines)).toEqual(['b'])
  })

  test('a replaced line is sent again under its number', async () => {
    const log = create()
    const follow = log.follow({ tail: 10 }, AbortSignal.timeout(2_000))
    log.output('stderr', whole(['10%']))
    await take(follow, 1)

    log.output('stderr', [{ text: '90%', replaces: true }])
    const again = await take(follow, 1)

    expect(again).toMatchObject([{ seq: 0, text: '90%' }])
  })

  test('a reader slower than the log loses the oldest lines and is told how many', async () => {
    const log = create()
    const follow = log.follow({ tail: 10 }, AbortSignal.timeout(2_000))
    log.output('stdout', whole(['first']))
    await take(follow, 1)

    log.output('stdout', whole(Array.from({ length: 12_000 }, (_, i) => `${i}`)))
    const [notice, next] = await take(follow, 2)

    expect(notice).toMatchObject({
      stream: 'panel',
      level: 'warn',
      text: expect.stringContaining('2000 lines') as unknown,
    })
    expect(next?.text).toBe('2000')
  })

  test('readers are counted until they end', async () => {
    const log = create()
    const stop = new AbortController()
    const follow = log.follow({ tail: 0 }, stop.signal)

    const waiting = follow.next()
    expect(log.followers()).toBe(1)
    stop.abort()
    await waiting

    expect(log.followers()).toBe(0)
  })

  test('a reader that returns ends too', async () => {
    const log = create()
    log.output('stdout', whole(['a']))
    const follow = log.follow({ tail: 1 }, new AbortController().signal)
    await follow.next()

    await follow.return()

    expect(log.followers()).toBe(0)
  })

  test('the last words are the program’s own, of this life', async () => {
    const log = create()
    log.output('stderr', whole(['ModuleNotFoundError: torch', '']))
    log.panel('Ended.')

    expect(await log.lastWords(0)).toBe('ModuleNotFoundError: torch')
    expect(await log.lastWords(Date.now() + 1_000)).toBeNull()
  })
})
