import { describe, expect, it } from 'vitest'
import { completionFor } from '../../../electron/command/completion'
import { CommandFailure, exits } from '../../../electron/command/exits'
import { helpOf, helpOfAll } from '../../../electron/command/help'
import { languageOf } from '../../../electron/command/machine'
import { createOutput, plain, table } from '../../../electron/command/output'
import { commonOptions, findCommand, parseCommand, readNumber, remoteOptions } from '../../../electron/command/parse'
import { commands, described } from '../../../electron/command/table'
import { sayIn, words } from '../../../electron/command/words'
import { machine } from '../../support/machine'

/** What a line is read as: the command, its options that were given, and its arguments. */
function read(line: string) {
  const found = findCommand(commands, line.split(' '))
  if (found === null) return null
  const { values, positionals } = parseCommand(found.found, found.rest)
  const isGiven = (value: unknown) =>
    value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => isGiven(value)))
  return { path: found.found.path.join(' '), given, positionals }
}

/** The failure that a line is refused with, as a person reads it. */
function refusal(line: string, language: 'en' | 'fr' = 'en') {
  try {
    read(line)
  } catch (error) {
    if (error instanceof CommandFailure) return [error.exit, sayIn(language)(error.key, error.params)]
  }
  return null
}

describe('the command line', () => {
  it.each([
    ['services', 'services', {}, []],
    ['services --ids --json', 'services', { ids: true, json: true }, []],
    ['start comfy --wait --timeout=5', 'start', { wait: true, timeout: '5' }, ['comfy']],
    ['--json', null, null, null],
    ['keys', 'keys list', {}, []],
    ['keys --user anna', 'keys list', { user: 'anna' }, []],
    ['keys make laptop --service a --service b', 'keys make', { service: ['a', 'b'] }, ['laptop']],
    ['keys burn', null, null, null],
    ['logs -f -n 5 comfy', 'logs', { follow: true, tail: '5' }, ['comfy']],
    ['check comfy forge --only drift,services', 'check', { only: ['drift,services'] }, ['comfy', 'forge']],
    ['generate comfy --prompt=--wait', 'generate', { prompt: '--wait' }, ['comfy']],
  ] as const)('reads “%s”', (line, path, given, positionals) => {
    expect(read(line)).toEqual(path === null ? null : { path, given, positionals })
  })

  it.each([
    ['services --nope', 'Unknown option --nope.'],
    ['services --toString', 'Unknown option --toString.'],
    ['logs -x comfy', 'Unknown option -x.'],
    ['services --json=yes', '--json takes no value.'],
    ['generate comfy --prompt --wait', '--prompt needs a value. If it begins with a hyphen, write --prompt=VALUE.'],
    ['generate comfy --prompt -- x', '--prompt needs a value. If it begins with a hyphen, write --prompt=VALUE.'],
    ['generate comfy --prompt', '--prompt needs a value. If it begins with a hyphen, write --prompt=VALUE.'],
    ['start', 'regie start needs SERVICE.'],
    ['start a b', 'regie start does not take “b”.'],
    ['services all', 'regie services does not take “all”.'],
  ])('refuses “%s”', (line, message) => {
    expect(refusal(line)).toEqual([exits.usage, message])
  })

  it('says so in French', () => {
    expect(refusal('start', 'fr')).toEqual([exits.usage, 'regie start demande SERVICE.'])
  })

  it('reads whole numbers and nothing else', () => {
    expect([readNumber(undefined, '--n'), readNumber('0', '--n'), readNumber('12', '--n')]).toEqual([undefined, 0, 12])
    for (const text of ['', '-1', '1.5', '1e3', '0x10', ' 1', '99999999999999999'])
      expect(() => readNumber(text, '--n')).toThrow(CommandFailure)
    expect(() => readNumber('0', '--n', 1)).toThrow(CommandFailure)
  })
})

describe('the table of commands', () => {
  it('has each command once, and no option of its own that all have', () => {
    const paths = described.map(({ path }) => path.join(' '))
    expect(new Set(paths).size).toBe(paths.length)
    const shared = [...Object.keys(remoteOptions), ...Object.keys(commonOptions)]
    for (const { options, path } of commands)
      expect([path, Object.keys(options).filter((name) => shared.includes(name))]).toEqual([path, []])
  })

  it.each(['en', 'fr'] as const)('tells all of it in the help (%s)', (language) => {
    const say = sayIn(language)
    const all = helpOfAll(described, say)
    for (const one of described) {
      expect(all).toContain(`  ${one.path.join(' ')}`)
      const help = helpOf(one, say)
      for (const name of Object.keys(one.options)) expect(help).toContain(`--${name}`)
      if (one.isRemote) for (const name of Object.keys(remoteOptions)) expect(help).toContain(`--${name}`)
      expect(help).not.toMatch(/undefined|\{\{/)
    }
  })

  it.each(['bash', 'zsh', 'fish', 'powershell'] as const)('is all of it in the completion for %s', (shell) => {
    const script = completionFor(shell, described, sayIn('en'))
    for (const { path, options } of described) {
      for (const word of path) expect(script).toContain(word)
      for (const name of Object.keys(options)) expect(script).toMatch(new RegExp(`--${name}\\b|-l ${name}\\b`))
    }
  })
})

describe('the words', () => {
  const placesOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted()

  it('are there in both languages, with the same places for values', () => {
    const french = new Map(Object.entries(words.fr))
    expect([...french.keys()].toSorted()).toEqual(Object.keys(words.en).toSorted())
    for (const [key, text] of Object.entries(words.en)) {
      expect([key, placesOf(french.get(key) ?? '')]).toEqual([key, placesOf(text)])
      expect([text, french.get(key)]).not.toContain('')
    }
  })
})

describe('the language', () => {
  it.each([
    [{ LANG: 'fr_FR.UTF-8' }, 'linux', 'en-US', 'fr'],
    [{ LANG: 'fr' }, 'darwin', 'en-US', 'fr'],
    [{ LANG: 'fr_CH' }, 'win32', 'de-CH', 'fr'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'C' }, 'linux', 'fr-FR', 'en'],
    [{ LC_ALL: '', LC_MESSAGES: 'fr_CA.UTF-8', LANG: 'en_US' }, 'linux', 'en-US', 'fr'],
    [{ LANG: 'frp_IT' }, 'linux', 'en-US', 'en'],
    [{}, 'linux', 'fr-FR', 'en'],
    [{}, 'win32', 'fr-FR', 'fr'],
    [{}, 'win32', 'de-DE', 'en'],
  ] as const)('of %j on %s with %s is %s', (env, platform, systemLocale, language) => {
    expect(languageOf({ env, platform, systemLocale: () => systemLocale })).toBe(language)
  })
})

describe('what is printed', () => {
  it('holds nothing that a terminal would obey', () => {
    expect(plain('a\u001B[31mb\u0007\u009B2Jc\r\n\td')).toBe('a[31mb2Jc\n\td')
    const { place, out } = machine()
    createOutput(place, false).data(null, () =>
      table(
        ['A\u001B]0;x\u0007', 'B'],
        [
          ['one\ntwo', 'é'],
          ['1', '2'],
        ],
      ),
    )
    expect(out()).toBe('A]0;x    B\none two  é\n1        2\n')
  })

  it('is data on stdout and words on stderr, and progress only where somebody sees it', () => {
    const piped = machine()
    const output = createOutput(piped.place, true)
    output.progress('half')
    output.say('done')
    output.data({ id: 'a' }, () => 'never')
    output.event({ id: 'b' }, () => 'never')
    expect([piped.out(), piped.err()]).toEqual(['{\n  "id": "a"\n}\n{"id":"b"}\n', 'done\n'])
    const hostile = machine()
    createOutput(hostile.place, true).event('\u001B[2J\u009B2J\u007F', () => 'never')
    expect(hostile.out()).toMatch(/^[\x20-\x7E]+\n$/)
    expect(JSON.parse(hostile.out())).toBe('\u001B[2J\u009B2J\u007F')
    const shown = machine({ isTty: true })
    const atTerminal = createOutput(shown.place, false)
    atTerminal.progress('half\nof it')
    atTerminal.say('done')
    expect(shown.err()).toBe('half of it\r\u001B[2Kdone\n')
  })
})
