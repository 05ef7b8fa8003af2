import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { recognise } from '../../../electron/discovery/recognise'
import { folder } from '../simulator/support'
import { composeConfig, programs } from './programs'

const text = fc
  .array(fc.constantFrom('a', 'Z9', '-', '.', ':', ',', ' ', '#', ' #', 'é', '=', '$', '$$', '\\Z', '\t'), {
    maxLength: 7,
  })
  .map((parts) => `Tulip-44-Ridge${parts.join('')}`)
const value = fc.oneof(
  text,
  text.map((one) => `${one}  `),
  text.map((one) => `'${one}'`),
  text.map((one) => `"${one.replaceAll('\\', '')}"`),
  text.map((one) => `'${one}' # of the studio`),
)
const values = fc.sample(value, { numRuns: 250, seed: 20261129 })
const keys = values.map((_, index) => `SITE_${index}`)

/** A `.env` as Windows' editors write it, and a service that is given each of its values. */
const env = values.map((one, index) => `SITE_${index}=${one}\r\n`).join('')
const environment = Object.fromEntries(keys.map((key) => [key, `\${${key}}`]))
const compose = stringify({ version: '2.4', services: { forge: { image: 'x', environment } } })

describe.runIf(programs.length > 0).each(programs)('Compose $generation and discovery', (program) => {
  it('read the same in a .env with Windows line ends, or discovery says that the generations differ', () => {
    const config = composeConfig(program, folder({ '.env': env, 'compose.yaml': compose }))
    const { found, remarks } = recognise({
      ...{ path: '/site/.env', shown: '.env', modifiedAt: 0, kind: 'env' as const },
      bytes: Buffer.from(env),
    })

    expect([config.refused, remarks]).toEqual([null, []])
    const delivered = config.environmentOf('forge')
    const agreed = found.filter(({ reasons }) => !reasons.some(({ problem }) => problem === 'sink.mangled'))
    expect(found.length).toBe(keys.length)
    expect(agreed.length).toBeGreaterThan(80)
    for (const { key, value: claimed } of agreed) expect([key, delivered.get(key ?? '')]).toEqual([key, claimed])
    // What the first generation makes of the others is told beside what is meant.
    if (program.generation === 1)
      for (const { key, value: meant, written } of found)
        expect([key, delivered.get(key ?? '')]).toEqual([key, written ?? meant])
    for (const one of delivered.values()) expect(one).not.toContain('\r')
  })
})
