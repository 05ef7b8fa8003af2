import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { long } from '../../support/long'
import { withoutSecrets } from '../../../electron/kinds/foreign'
import { createRedactor } from '../../../electron/vault/redactor'

/** A character as programs write it that repeat what they were sent. */
const writings: ((character: string) => string)[] = [
  (character) => character,
  (character) => encodeURIComponent(character),
  (character) => encodeURIComponent(character).replaceAll(/%../g, (escape) => escape.toLowerCase()),
  (character) => Buffer.from(character, 'utf8').toString('hex').replaceAll(/../g, '%$&'),
  (character) => Buffer.from(character, 'utf8').toString('hex').replaceAll(/../g, '%25$&'),
  (character) => JSON.stringify(character).slice(1, -1),
  (character) => JSON.stringify(JSON.stringify(character).slice(1, -1)).slice(1, -1),
  (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  (character) => `&#${character.charCodeAt(0)};`,
  (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`,
  (character) => (/[/'"]/.test(character) ? `\\${character}` : character),
]

/**
 * Printable ASCII without what begins an escape: where each character is written in another way, nobody can tell any
 * more whether that is one. (Written in one way throughout it is known: see the test of the hostile service.)
 */
const secrets = fc.stringMatching(/^[!-$'-[\]-~]{12,40}$/)
const around = fc.constantFrom('', ' ', 'said: ', '%zz ', '\\', '&amp;', 'ä ', '"')

/** Every six characters of a secret in a row. */
const pieces = (secret: string) => Array.from({ length: secret.length - 5 }, (_, from) => secret.slice(from, from + 6))

const leaks = (text: string, secret: string) => pieces(secret).filter((piece) => text.includes(piece))

describe('a secret that a service repeats', () => {
  test('is known in every spelling, each of its characters written in another way', () => {
    fc.assert(
      fc.property(
        secrets,
        around,
        around,
        fc.array(fc.nat(writings.length - 1), { minLength: 1, maxLength: 40 }),
        (secret, before, after, ways) => {
          const redactor = createRedactor()
          redactor.learn(secret)
          const written = Array.from(secret)
            .map((one, at) => writings[ways[at % ways.length] ?? 0]?.(one) ?? one)
            .join('')
          const shown = redactor.redact(before + written + after)
          expect(shown).toContain('[secret ')
          expect(leaks(shown, secret)).toEqual([])
          expect(leaks(shown, written)).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is known in base64, alone and behind a user’s name, in both alphabets', () => {
    fc.assert(
      fc.property(secrets, fc.stringMatching(/^[a-z]{0,9}$/), (secret, user) => {
        const redactor = createRedactor()
        redactor.learn(secret)
        for (const encoding of ['base64', 'base64url'] as const)
          for (const text of [secret, `${user}:${secret}`]) {
            const written = Buffer.from(text, 'utf8').toString(encoding)
            const shown = redactor.redact(`you sent ${written}`)
            const whole = Buffer.from(secret, 'utf8').toString(encoding)
            expect(leaks(shown, whole.slice(4))).toEqual([])
            expect(shown).toContain('[secret ')
          }
      }),
      { numRuns: 300 },
    )
  })

  test('leaves JSON that it stands in readable', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const redactor = createRedactor()
        redactor.learn(secret)
        const text = JSON.stringify({
          detail: `token=${secret}"`,
          [secret]: [`Authorization: Bearer ${secret}`],
          n: 1,
        })
        const shown = withoutSecrets(text, redactor.redact)
        expect(JSON.parse(shown)).toMatchObject({ n: 1 })
        expect(leaks(shown, secret)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  const inLinearTime = (units: readonly string[]) => () => {
    const redactor = createRedactor()
    for (let at = 0; at < 20; at++) redactor.learn(`known-secret-number-${at}`)
    for (const unit of units) {
      /** The processor's time in ms, which a busy machine does not lengthen as it does the clock's; the best of three. */
      const took = (size: number) => {
        const text = unit.repeat(size / unit.length)
        const once = () => {
          const began = process.cpuUsage()
          redactor.redact(text)
          return process.cpuUsage(began).user / 1000
        }
        return Math.min(once(), once(), once())
      }
      took(10_000)
      // Eight times the text takes eight times as long, and not sixty-four.
      expect(took(800_000), unit).toBeLessThan(Math.max(5, took(100_000)) * 35)
    }
  }
  const slow = { timeout: 60_000 }
  test('is looked for in linear time, however a text is escaped', slow, inLinearTime(['%25', '&amp;', 'token=']))
  const further = ['\\', '\\u0041', '%c3%a4', 'Authorization: ', '&#65', '%']
  test('is looked for in linear time in further texts', { ...long, ...slow }, inLinearTime(further))
})
