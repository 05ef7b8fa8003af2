import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beginning, createTail, ending } from '../../../electron/logs/cutting'
import { createIntake } from '../../../electron/logs/intake'
import { createLineSplitter, maxLine } from '../../../electron/logs/lines'
import { createRedactor } from '../../../electron/vault/redactor'

/** Letters that stand nowhere else in these tests, so that every piece of six is the secret's. */
const secrets = fc.stringMatching(/^[A-HJ-NP-Z]{6,80}$/)

/** Whether six characters of a secret that follow each other stand in a text. */
function leaks(text: string, secret: string): boolean {
  for (let at = 0; at + 6 <= secret.length; at++) if (text.includes(secret.slice(at, at + 6))) return true
  return false
}

/** What is kept of output that came in these pieces. */
function kept(redactor: ReturnType<typeof createRedactor>, all: Uint8Array, cuts: readonly number[]): string[] {
  const splitter = createLineSplitter(redactor.places)
  const intake = createIntake(redactor.redact)
  const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length]
  const pieces = [...places.slice(1).map((end, at) => splitter.push(all.subarray(places[at], end))), splitter.end()]
  return pieces.flatMap((lines) =>
    intake(
      lines.map((line) => ({ ...line, stream: 'stdout' as const })),
      () => 0,
    ).map(({ text }) => text),
  )
}

describe('a line that is too long', () => {
  test('is never cut inside a secret, wherever that stands and however the bytes came', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom('', 'token=', 'Authorization: Bearer ', '--api-auth user:'),
        fc.integer({ min: maxLine - 120, max: maxLine + 20 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.boolean(),
        (secret, before, place, cuts, isKnown) => {
          const redactor = createRedactor()
          if (isKnown || before === '') redactor.learn(secret)
          const text = `${'.'.repeat(place)} ${before}${secret} ${'.'.repeat(maxLine)}\nnext ${secret}`
          const lines = kept(
            redactor,
            Buffer.from(isKnown || before === '' ? text : text.replace(/\nnext .*/, '')),
            cuts,
          )

          for (const line of lines) {
            expect(leaks(line, secret)).toBe(false)
            expect(line.length).toBeLessThan(maxLine + 400)
          }
          expect(lines.join('')).toContain('[secret ')
        },
      ),
      { numRuns: 200 },
    )
  })

  test('comes out the same however its bytes are cut', () => {
    const redactor = createRedactor()
    redactor.learn('CORRECTHORSE')
    const text = `${'.'.repeat(maxLine - 5)}CORRECTHORSE${'-'.repeat(3 * maxLine)}token=${'T'.repeat(2 * maxLine)} end\nlast`
    const expected = kept(redactor, Buffer.from(text), [])
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        expect(kept(redactor, Buffer.from(text), cuts)).toEqual(expected)
      }),
      { numRuns: 50 },
    )
    expect(expected.at(-1)).toBe('last')
  })

  test('that is one secret from end to end is shown as one fingerprint, and its rest is passed over', () => {
    const redactor = createRedactor()
    const lines = kept(redactor, Buffer.from(`token=${'T'.repeat(1 << 20)}\nnext`), [70_000, 200_000, 500_000])

    expect(lines).toEqual([expect.stringMatching(/^token=\[secret [0-9a-f]{12}\]$/), 'next'])
  })

  test('in which bars move is shortened without half a secret', () => {
    const redactor = createRedactor()
    redactor.learn('CORRECTHORSE')
    const long = `${'.'.repeat(maxLine - 6)}CORRECTHORSE${'.'.repeat(maxLine)}`

    const lines = kept(redactor, Buffer.from(`a\nb\u001b[A\r${long}\n\rB`), [])

    for (const line of lines) expect(leaks(line, 'CORRECTHORSE')).toBe(false)
  })
})

describe('a text for people', () => {
  test('is redacted before it is cut: no six characters of a secret survive, wherever it is cut', () => {
    const around = fc.stringMatching(/^[a-z ]{0,40}$/)
    fc.assert(
      fc.property(secrets, around, around, fc.nat(160), (secret, before, after, longest) => {
        const redactor = createRedactor()
        redactor.learn(secret)
        const text = `${before}${secret}${after}`
        for (const cut of [beginning(text, longest, redactor.redact), ending(text, longest, redactor.redact)]) {
          expect(leaks(cut, secret)).toBe(false)
          expect(cut.length).toBeLessThanOrEqual(longest)
          // A mark stands whole or not at all.
          expect(cut.replaceAll(/\[secret [0-9a-f]{12}\]/g, '')).not.toMatch(/\[secret|[0-9a-f]\]/)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('that is short stays whole, and no character is cut in two', () => {
    const same = (text: string) => text

    expect(beginning('short', 5, same)).toBe('short')
    expect(ending('short', 5, same)).toBe('short')
    expect(beginning('a🎨b', 2, same)).toBe('a')
    expect(ending('a🎨b', 2, same)).toBe('b')
  })
})

describe('the end of a text that grows', () => {
  test('begins with a line, however it came: no half of a secret stands in it', () => {
    const lines = fc.array(fc.oneof(fc.stringMatching(/^[a-z ]{0,30}$/), fc.constant('key=CORRECTHORSE')), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(), { maxLength: 10 }), (all, most, cuts) => {
        const text = all.join('\n')
        const tail = createTail(most)
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
        places.slice(1).forEach((end, at) => tail.push(text.slice(places[at], end)))

        const kept = tail.text()
        expect(kept.length).toBeLessThanOrEqual(most)
        expect(text.endsWith(kept)).toBe(true)
        expect(kept === '' || kept === text || text[text.length - kept.length - 1] === '\n').toBe(true)
        if (text.length <= most) expect(kept).toBe(text)
      }),
    )
  })
})
