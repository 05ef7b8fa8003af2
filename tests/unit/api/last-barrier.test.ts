import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { interceptProcedureErrors, interceptRequestErrors } from '../../../electron/api/errors'
import { createRedactor } from '../../../electron/vault/redactor'
import { Problem } from '../../../shared/problems'

const user = 'renate'
const secret = 'Zq7mW/4xK+pR9tB2vL8nc%Hy'

const redactor = createRedactor()
redactor.learn(secret)
const reported = {
  log: pino({ level: 'silent' }),
  dataFolder: '/data',
  redact: (text: string) => redactor.redact(text),
}

const percent = (text: string) => Buffer.from(text, 'utf8').toString('hex').replaceAll(/../g, '%$&')
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const spellings: [string, string][] = [
  ['as it is', secret],
  ['as a URL writes it', encodeURIComponent(secret)],
  ['percent by percent', percent(secret)],
  ['escaped as JSON in JSON', JSON.stringify(JSON.stringify({ said: secret }))],
  ['with JSON’s slashes', secret.replaceAll('/', String.raw`\/`)],
  ['in \\u escapes', Array.from(secret, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['in base64', base64(secret)],
  ['in base64 behind a user’s name', `Authorization: Basic ${base64(`${user}:${secret}`)}`],
]
/** What must not be in an answer: every six characters in a row. */
const pieces = (text: string) => Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6))
const tail = base64(`${user}:${secret}`).slice(Math.ceil(((user.length + 1) * 4) / 3))
const wrong = [secret, encodeURIComponent(secret), percent(secret), base64(secret).replace(/=+$/, ''), tail].flatMap(
  pieces,
)
const leaks = (answer: unknown) => {
  const text = JSON.stringify(answer)
  return wrong.filter((piece) => text.includes(piece))
}

/** What a caller sees of something that was thrown. */
async function seen(thrown: unknown): Promise<unknown> {
  const caught: unknown = await interceptProcedureErrors(reported)({
    path: ['services', 'start'],
    next: () => Promise.reject(thrown instanceof Error ? thrown : new Error('not an error')),
  }).catch((error: unknown) => error)
  const { message, data } = caught as { message: string; data: unknown } // an ORPCError
  return { message, data }
}

describe('a Problem that quotes another program', () => {
  test.each(spellings)('leaves without the secret %s, in its message and in every value', async (_, spelled) => {
    const detail = `refused: ${spelled} (see the log)`
    const answer = await seen(new Problem('container.engine-failed', { container: spelled, detail }))

    expect(JSON.stringify(answer)).toContain('[secret ')
    expect(JSON.stringify(answer)).toContain('see the log')
    expect(leaks(answer)).toEqual([])
  })

  test('is redacted first and cut then: no half of a secret stands at its end', async () => {
    const lengths = Array.from({ length: secret.length + 2 }, (_, at) => 4000 - at)
    for (const before of lengths) {
      const detail = 'x'.repeat(before) + secret + ' and more'.repeat(200)
      const answer = await seen(new Problem('container.engine-failed', { container: 'one', detail }))
      expect(leaks(answer)).toEqual([])
      expect(JSON.stringify(answer).length).toBeLessThan(10_000)
    }
  })

  test('ends a stream without it too', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield await Promise.resolve(1)
      throw new Problem('container.engine-failed', { container: 'one', detail: secret })
    }
    const stream = (await interceptProcedureErrors(reported)({
      path: ['services', 'followLogs'],
      next: () => Promise.resolve(broken()),
    })) as AsyncGenerator<number> // what was handed in, wrapped
    const end: unknown = await (async () => {
      for await (const one of stream) expect(one).toBe(1)
    })().catch((error: unknown) => error)

    expect(leaks({ message: (end as Error).message, data: (end as { data: unknown }).data })).toEqual([])
  })

  test('keeps its own words, its numbers and its code', async () => {
    const plain = new Problem('backend.refused', { url: 'http://127.0.0.1:8188', status: 401, detail: 'no token' })

    expect(await seen(plain)).toEqual({
      message: plain.message,
      data: { problem: plain.id, params: plain.params, hint: plain.hint },
    })
  })
})

test('a request that cannot be read is refused without a secret that stood in it', async () => {
  const refused: unknown = await interceptRequestErrors(
    reported,
    1,
  )({
    next: () => Promise.reject(new Problem('input.invalid', { issues: `unknown: ${secret}` })),
  }).catch((error: unknown) => error)

  expect(leaks({ message: (refused as Error).message, data: (refused as { data: unknown }).data })).toEqual([])
})
