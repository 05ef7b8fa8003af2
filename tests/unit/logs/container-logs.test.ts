import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDemultiplexer } from '../../../electron/docker/logs/frames'
import { createLogParser, type EngineLine } from '../../../electron/docker/logs/parse'
import { secretsOf } from '../../../electron/docker/logs/secrets'
import { createSeen } from '../../../electron/docker/logs/seen'
import { createTimestampReader } from '../../../electron/docker/logs/timestamps'
import { wholeText } from '../../../electron/logs/cutting'
import { createIntake } from '../../../electron/logs/intake'
import { guessLevel, createLevelGuesser } from '../../../electron/logs/level'
import { LineCutter } from '../../../electron/logs/lines'
import { mergeStreams } from '../../../electron/logs/merge'
import { createRedactor } from '../../../electron/vault/redactor'
import { packLines, unpackLines, type LogLine } from '../../../shared/contract'

const stamp = (n: number) => `2026-11-22T19:55:${String(n % 60).padStart(2, '0')}.${String(n).padStart(9, '0')}Z`

const frame = (kind: number, text: string) => {
  const payload = Buffer.from(text)
  const header = Buffer.from([kind, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

const cutAt = (all: Buffer, cuts: number[]) => {
  const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length]
  return places.slice(1).map((end, i) => all.subarray(places[i], end))
}

function parse(all: Buffer, { tty = false, cuts = [] as number[] } = {}) {
  const parser = createLogParser({ tty }, wholeText)
  const lines: EngineLine[] = []
  let error: string | null = null
  for (const chunk of cutAt(all, cuts)) {
    const parsed = parser.push(chunk)
    lines.push(...parsed.lines)
    error ??= parsed.error
  }
  return { lines: [...lines, ...parser.end()], error }
}

const brief = (lines: EngineLine[]) => lines.map(({ stream, text, time }) => [stream, text, time?.since.split('.')[1]])

describe('the engine’s log stream', () => {
  test('comes out as the same lines however its bytes are cut', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/\p{Cc}/gu, '·'))
    fc.assert(
      fc.property(
        fc.array(fc.record({ kind: fc.constantFrom(1, 2), text: word }), { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (said, cuts, tty) => {
          const all = Buffer.concat(
            said.map(({ kind, text }, n) =>
              tty ? Buffer.from(`${stamp(n)} ${text}\r\n`) : frame(kind, `${stamp(n)} ${text}\n`),
            ),
          )
          const expected = said.map(({ kind, text }, n) => [
            tty || kind === 1 ? 'stdout' : 'stderr',
            text,
            String(n).padStart(9, '0'),
          ])
          expect(brief(parse(all, { tty, cuts }).lines)).toEqual(expected)
        },
      ),
    )
  })

  test('a character and a line may be split over frames of two streams', () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    const piece = (kind: number, n: number, bytes: Buffer) => {
      const whole = Buffer.concat([Buffer.from(`${stamp(n)} `), bytes])
      const header = Buffer.from([kind, 0, 0, 0, 0, 0, 0, whole.length])
      return Buffer.concat([header, whole])
    }

    const { lines } = parse(
      Buffer.concat([
        piece(1, 1, first),
        frame(2, `${stamp(2)} other\n`),
        piece(1, 3, second),
        frame(1, `${stamp(4)} t\n`),
      ]),
    )

    expect(lines.map(({ text }) => text)).toEqual(['other', 'ét'])
  })

  test('a long line that the engine cut has no timestamps inside, framed or not', () => {
    const part = 'x'.repeat(16_384)

    const framed = parse(Buffer.concat([frame(1, `${stamp(1)} ${part}`), frame(1, `${stamp(2)} end\n`)]))
    const raw = parse(Buffer.from(`${stamp(1)} ${part}${stamp(2)} end\r\n`), { tty: true })

    for (const { lines } of [framed, raw]) expect(lines.map(({ text }) => text).join('')).toBe(`${part}end`)
  })

  test('bytes that are no frames are taken as they are', () => {
    const { lines } = parse(Buffer.from(`${stamp(1)} plain\n${stamp(2)} text\n`))

    expect(brief(lines)).toEqual([
      ['stdout', 'plain', '000000001'],
      ['stdout', 'text', '000000002'],
    ])
  })

  test('the engine’s own error is told apart from output', () => {
    const { lines, error } = parse(Buffer.concat([frame(1, `${stamp(1)} a\n`), frame(3, 'error grabbing logs: EOF')]))

    expect([lines.map(({ text }) => text), error]).toEqual([['a'], 'error grabbing logs: EOF'])
  })

  test('a huge length in a header takes no memory', () => {
    const demultiplexer = createDemultiplexer({ tty: false })
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])

    expect(demultiplexer.push(Buffer.concat([header, Buffer.from('abc')]))).toMatchObject([{ begins: true }])
    expect(demultiplexer.push(Buffer.from('def'))).toMatchObject([{ begins: false }])
  })

  test('of a progress bar in one line the last state is kept', () => {
    const { lines } = parse(frame(2, `${stamp(1)} 10%\r 50%\r100%\n`))

    expect(lines.map(({ text }) => text)).toEqual(['100%'])
  })

  test('times keep their nanoseconds, whatever the zone and the digits', () => {
    const read = createTimestampReader()

    expect(read('2026-11-22T19:55:21.835925923Z')).toEqual({ at: 1795377321835, since: '1795377321.835925923' })
    expect(read('2026-11-22T20:55:21.8+01:00')?.since).toBe('1795377321.800000000')
    expect(read('2026-11-22')).toBeNull()
  })
})

describe('reading on after a cut', () => {
  const line = (stream: 'stdout' | 'stderr', n: number): EngineLine => ({
    stream,
    text: String(n),
    replaces: false,
    time: createTimestampReader()(stamp(n)),
  })

  test('neither loses nor doubles a line, wherever it was cut and however much is read again', () => {
    const entry = fc.record({ stream: fc.constantFrom('stdout' as const, 'stderr' as const), step: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), fc.nat(), fc.nat(), (entries, cut, again) => {
        const clock = { stdout: 0, stderr: 0 }
        const all = entries.map(({ stream, step }) => line(stream, (clock[stream] += step)))
        const at = cut % (all.length + 1)
        const seen = createSeen()
        seen.note(all.slice(0, at))
        // Whatever the engine sends again, it sends whole times: all lines of each stream from one time on.
        const from = Math.min(
          again % 40,
          ...all.slice(at).map(({ text }) => Number(text)),
          ...(['stdout', 'stderr'] as const).map((s) =>
            Number(all.slice(0, at).findLast((l) => l.stream === s)?.text ?? 0),
          ),
        )
        const resent = all.filter(({ text }) => Number(text) >= from)

        const rest = seen.filter()(resent)

        expect([...all.slice(0, at), ...rest].map(({ stream, text }) => stream + text).sort()).toEqual(
          all.map(({ stream, text }) => stream + text).sort(),
        )
      }),
    )
  })

  test('of a stream that the engine brings seconds after the other is read again, and lost with none of them', () => {
    const seen = createSeen()
    seen.note([line('stdout', 10), line('stderr', 14)])
    const late = line('stdout', 11)

    expect(Number(seen.since())).toBeLessThan(Number(late.time?.since))
    expect(seen.filter()([line('stdout', 10), late, line('stderr', 14)])).toEqual([late])
  })

  test('that was read from its last line on shows nothing from before it, of either stream', () => {
    const kinds = fc.array(fc.constantFrom('stdout' as const, 'stderr' as const), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(kinds, fc.nat(), fc.nat(), (streams, at, again) => {
        const all = streams.map((stream, n) => line(stream, n))
        const last = at % all.length
        const seen = createSeen()
        seen.note(all.slice(last, last + 1))

        const rest = seen.filter()(all.slice(again % (last + 1)))

        expect(rest).toEqual(all.slice(last + 1))
      }),
    )
  })
})

/** Reads one line after the other of one stream: its text, and its colours. */
function styler() {
  const cutter = new LineCutter()
  return (raw: string) => {
    const [line, ...others] = cutter.push(`${raw}\n`)
    expect(others).toEqual([])
    const { text, styles } = line ?? expect.unreachable()
    return styles ? { text, styles } : { text }
  }
}

describe('colours', () => {
  const red = '\u001b[31m'
  const off = '\u001b[0m'

  test('are kept as data, over lines, and ended', () => {
    const style = styler()

    expect(style(`a ${red}b\u001b[1mc`)).toEqual({
      text: 'a bc',
      styles: [
        [2, '31'],
        [3, '1;31'],
      ],
    })
    expect(style('still')).toEqual({ text: 'still', styles: [[0, '1;31']] })
    expect(style(`${off}plain`)).toEqual({ text: 'plain' })
    expect(style('\u001b[38;5;208mo\u001b[48;2;1;2;3mp\u001b[39;49mq')).toEqual({
      text: 'opq',
      styles: [
        [0, '38;5;208'],
        [1, '38;5;208;48;2;1;2;3'],
        [2, ''],
      ],
    })
  })

  test('never make the text anything else than what is left without them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.stringMatching(/^[a-z é]{0,5}$/u), fc.constantFrom(red, off, '\u001b[7m', '\u001b[K'))),
        (parts) => {
          const plain = parts.filter((part) => !part.startsWith('\u001b')).join('')
          const { text, styles = [] } = styler()(parts.join(''))
          expect(text).toBe(plain)
          for (const [start] of styles) expect(start).toBeLessThan(plain.length)
        },
      ),
    )
  })

  test('a secret that is split by them is redacted all the same', () => {
    const redactor = createRedactor()
    redactor.learn('correct-horse')
    const styled = styler()(`the ${red}correct${off}-horse is out`)

    const [line] = createIntake(redactor.redact)([{ ...styled, replaces: false, stream: 'stdout' as const }], () => 0)

    expect(line?.text).toMatch(/^the \[secret [0-9a-f]{12}\] is out$/)
    expect(line?.styles).toBeUndefined()
  })
})

describe('levels', () => {
  test.each([
    ['❌ Échec du chargement du modèle', 'error'],
    ['⚠️  Attention : jeton absent', 'warn'],
    ['✅ Modèle chargé, aucune erreur', 'info'],
    ['Erreur : fichier introuvable', 'error'],
    ['INFO: 0 errors in the queue', 'info'],
    ['[WARNING] an error may follow', 'warn'],
  ])('%s looks like %s', (line, level) => {
    expect(guessLevel(line)).toBe(level)
  })

  test('a traceback is an error to its last line, and what follows is not', () => {
    const guess = createLevelGuesser()
    const lines = [
      'ok',
      'Traceback (most recent call last):',
      '  File "a.py", line 1',
      '    run()',
      'KeyError: 1',
      'ok',
    ]

    expect(lines.map(guess)).toEqual(['info', 'error', 'error', 'error', 'error', 'info'])
  })
})

test('what a container was given and must not be read is known', () => {
  expect(
    secretsOf({
      environment: [
        'HF_TOKEN=hf_secret1',
        'PATH=/bin',
        'FORGE_ARGS=--api --gradio-auth admin:pw-123456 --listen',
        'AUTH=true',
      ],
      command: ['python', 'launch.py', '--api-auth', 'a:first-pass,b:second-pass'],
    }).sort(),
  ).toEqual([
    'a:first-pass',
    'admin:pw-123456',
    'b:second-pass',
    'first-pass',
    'hf_secret1',
    'pw-123456',
    'second-pass',
  ])
})

test('lines packed into one text come out as they were', () => {
  const aLine = fc.record(
    {
      seq: fc.nat(1e9),
      at: fc.nat(2e12),
      stream: fc.constantFrom('stdout' as const, 'stderr' as const, 'panel' as const),
      level: fc.constantFrom('info' as const, 'warn' as const, 'error' as const),
      text: fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
      styles: fc.array(fc.tuple(fc.nat(100), fc.constantFrom('', '1;31', '38;5;9')), { minLength: 1 }),
    },
    { requiredKeys: ['seq', 'at', 'stream', 'level', 'text'] },
  )
  fc.assert(
    fc.property(fc.array(aLine), (lines: LogLine[]) => {
      expect(unpackLines(packLines(lines))).toEqual(lines)
    }),
  )
})

test('merged streams end with their reader, and their reader with them', async () => {
  const ended: string[] = []
  async function* endless(name: string, signal: AbortSignal) {
    try {
      yield name
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      ended.push(name)
    }
  }
  const merged = mergeStreams((signal) => [endless('a', signal), endless('b', signal)], new AbortController().signal)

  const got = [(await merged.next()).value, (await merged.next()).value]
  await merged.return()

  expect([got, ended.sort()]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
})
