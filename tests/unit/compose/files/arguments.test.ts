import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flagsOf, loginsOf, wordsOf, type ArgumentSource } from '../../../../electron/compose/files/arguments'

const variables = new Map([
  ['USER', 'anna'],
  ['PASS', 'Tulip 44,Ridge'],
  ['ARGS', '--listen --api --api-auth ben:Otter-19'],
])

const line = (written: string): ArgumentSource<null>[] => [{ place: null, written, form: 'line' }]
const list = (...items: string[]): ArgumentSource<null>[] =>
  items.map((written) => ({ place: null, written, form: 'item' }))

const flags = (sources: ArgumentSource<null>[]) => flagsOf(wordsOf(sources, variables))
const logins = (sources: ArgumentSource<null>[]) =>
  loginsOf(flags(sources), variables).map(({ flag, user, password, unsafe }) => [
    flag,
    user.value,
    password.value,
    unsafe,
  ])

describe('flags', () => {
  it.each([
    ['a string', line('python launch.py --listen --port 7860 --api')],
    ['a list', list('python', 'launch.py', '--listen', '--port', '7860', '--api')],
    ['a list with a script behind sh -c', list('sh', '-c', 'exec python launch.py --listen --port "7860" --api; true')],
    ['flags in one item', list('launch.py', '--listen --port=7860 --api')],
    ['the equals sign', line("--listen --port='7860' --api")],
  ])('of %s', (_, sources) => {
    expect(flags(sources).map(({ name, value }) => [name, value?.value ?? null])).toEqual([
      ['--listen', null],
      ['--port', '7860'],
      ['--api', null],
    ])
  })

  it('of a variable that holds many words', () => {
    expect(flags(line('launch.py ${ARGS}')).map(({ name }) => name)).toEqual(['--listen', '--api', '--api-auth'])
  })

  it('behind an operator of the shell belong to another program', () => {
    expect(flags(line('launch.py --api && other --privileged')).map(({ name }) => name)).toEqual(['--api'])
  })
})

describe('logins', () => {
  it.each([
    ['a string', line('--api --api-auth anna:Tulip-44'), [['--api-auth', 'anna', 'Tulip-44', []]]],
    ['a list', list('--api', '--api-auth', 'anna:Tulip-44'), [['--api-auth', 'anna', 'Tulip-44', []]]],
    ['quotes behind =', line('--api-auth="anna:Tulip-44"'), [['--api-auth', 'anna', 'Tulip-44', []]]],
    [
      'two users',
      line('--api-auth "anna:A-1,ben:B-2"'),
      [
        ['--api-auth', 'anna', 'A-1', []],
        ['--api-auth', 'ben', 'B-2', []],
      ],
    ],
    ['a variable', list('--gradio-auth', '${USER}:${PASS}'), [['--gradio-auth', 'anna', 'Tulip 44,Ridge', [',', ' ']]]],
    ['a colon', list('--api-auth', 'admin:s3:cret'), [['--api-auth', 'admin', 's3:cret', [':']]]],
    ['a colon that Gradio takes', list('--gradio-auth', 'admin:s3:cret'), [['--gradio-auth', 'admin', 's3:cret', []]]],
    ['a comma', list('--api-auth', 'admin:ab,cd12'), [['--api-auth', 'admin', 'ab,cd12', [',']]]],
    ['a variable with many words', line('${ARGS}'), [['--api-auth', 'ben', 'Otter-19', []]]],
  ])('in %s', (_, sources, expected) => {
    expect(logins(sources)).toEqual(expected)
  })

  it('are read back from every form in which they can be written', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/)
    const user = word.filter((name) => !name.startsWith('-'))
    const pairs = fc.array(fc.tuple(user, word), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(pairs, (wanted) => {
        const text = wanted.map((pair) => pair.join(':')).join(',')
        const forms = [
          line(`--api --api-auth ${text}`),
          line(`--api --api-auth "${text}"`),
          line(`--api-auth='${text}' --api`),
          list('--api', '--api-auth', text),
          list('--api', `--api-auth=${text}`),
        ]
        for (const form of forms) expect(logins(form).map(([, user, password]) => [user, password])).toEqual(wanted)
      }),
    )
  })
})
