import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completionFor, shells, type Shell } from '../../../electron/command/completion'
import { described } from '../../../electron/command/table'
import { sayIn } from '../../../electron/command/words'
import { temporaryFolder } from '../../support/programs'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('regie-completion')
  mkdirSync(path.join(folder.path, 'bin'))
  // In the place of regie, with a panel that knows two services and a credential, and answers what it should not.
  const regie = `#!/bin/sh\ncase "$1 $2" in\n'services --ids') printf 'comfy\\nforge\\n$(touch ran)\\n\`touch ran\`\\n*\\n-x;y\\n' ;;\n'credentials --ids') echo vault-one ;;\nesac\n`
  writeFileSync(path.join(folder.path, 'bin/regie'), regie)
  chmodSync(path.join(folder.path, 'bin/regie'), 0o755)
  mkdirSync(path.join(folder.path, 'work/results'), { recursive: true })
  writeFileSync(path.join(folder.path, 'work/report.xml'), '')
  for (const shell of shells)
    writeFileSync(path.join(folder.path, `script.${shell}`), completionFor(shell, described, sayIn('en')))
})
afterAll(() => folder[Symbol.asyncDispose]())

/** How each shell is asked what it offers after these words, of which the last one is being typed. */
const asking: Record<
  Exclude<Shell, 'powershell'>,
  { program: string; args: (words: string[], script: string) => string[] }
> = {
  bash: {
    program: 'bash',
    args: (words, script) => [
      '--norc',
      '-c',
      `source '${script}'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _regie 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ...['bash', ...words],
    ],
  },
  zsh: {
    program: 'zsh',
    // The functions that zsh completes with work in its editor alone: these print what they are given.
    args: (words, script) => [
      '-f',
      '-c',
      `compdef() {}; compadd() { [ "$1" = -- ] && shift; print -l -- "$@" }
       _files() { [ "$1" = -/ ] && print -l -- *(/) || print -l -- * }
       source '${script}'; words=("$@"); CURRENT=$#; _regie`,
      ...['zsh', ...words],
    ],
  },
  fish: {
    program: 'fish',
    args: (words, script) => [
      ...['--no-config', '-c'],
      `source '${script}'; complete -C (string join ' ' -- $argv)`,
      ...words,
    ],
  },
}

const noShell = (program: string) =>
  process.platform === 'win32' || spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0

describe.each(Object.entries(asking))('%s', (shell, { program, args }) => {
  const isMissing = noShell(program)

  /** What is offered that begins as the last word does. */
  const offered = (...words: string[]) => {
    const PATH = [path.join(folder.path, 'bin'), process.env['PATH']].join(path.delimiter)
    const env = { ...process.env, PATH, HOME: folder.path }
    const script = path.join(folder.path, `script.${shell}`)
    const printed = execFileSync(program, args(['regie', ...words], script), {
      ...{ env, cwd: path.join(folder.path, 'work'), encoding: 'utf8' },
    })
    const last = words.at(-1) ?? ''
    return printed
      .split('\n')
      .map((line) => (line.split('\t')[0] ?? '').trim().replace(/\/$/, ''))
      .filter((line) => line !== '' && line.startsWith(last))
      .toSorted()
  }

  it.skipIf(isMissing)('offers the commands, and those of a group', () => {
    expect(offered('s')).toEqual(['service', 'services', 'start', 'status', 'stop'])
    expect(offered('keys', '')).toEqual(['end', 'list', 'make', 'rotate'])
    expect(offered('service', '')).toEqual(['install', 'link', 'status', 'uninstall'])
  })

  it.skipIf(isMissing)('offers what the panel knows where a service or a credential is wanted', () => {
    expect(offered('start', '')).toEqual(['comfy', 'forge'])
    expect(offered('start', '--wait', 'f')).toEqual(['forge'])
    expect(offered('start', '--timeout', '60', '')).toEqual(['comfy', 'forge'])
    expect(offered('rotate', '')).toEqual(['vault-one'])
    expect(offered('keys', 'make', 'laptop', '--service', '')).toEqual(['comfy', 'forge'])
  })

  it.skipIf(isMissing)('runs nothing of what a panel answers, and offers no more than ids of it', () => {
    expect(offered('start', '')).toEqual(['comfy', 'forge'])
    expect(readdirSync(path.join(folder.path, 'work'))).toEqual(['report.xml', 'results'])
  })

  it.skipIf(isMissing)('offers nothing at a place that takes no more', () => {
    expect(offered('start', 'comfy', '')).toEqual([])
    expect(offered('generate', 'comfy', '--prompt', '')).toEqual([])
  })

  it.skipIf(isMissing)('offers more of what may be repeated', () => {
    expect(offered('check', 'comfy', 'f')).toEqual(['forge'])
  })

  it.skipIf(isMissing)('offers options, and their values', () => {
    expect(offered('start', 'comfy', '--w')).toEqual(['--wait'])
    expect(offered('check', '--only', 'd')).toEqual(['drift'])
    expect(offered('cancel', 'r')).toEqual(['rotation'])
    expect(offered('completion', 'p')).toEqual(['powershell'])
  })

  it.skipIf(isMissing)('offers files and folders', () => {
    expect(offered('check', '--junit', 're')).toEqual(['report.xml', 'results'])
    expect(offered('status', '--data', 're')).toEqual(['results'])
  })
})

describe('PowerShell', () => {
  const script = () => completionFor('powershell', described, sayIn('fr'))

  it('is told each command with its options, and what each of them takes', () => {
    expect(script()).toContain(`    'keys' = @{\n        Next = @('list', 'make', 'rotate', 'end')`)
    const [, rotate = ''] = script().split(`    'rotate' = @{`)
    expect(rotate.split('\n    }')[0]).toBe(`
        Next = @()
        Options = @('--yes', '--interrupt', '--wait', '--timeout', '--url', '--profile', '--ca', '--data', '--json', '--help')
        Takes = @{ '--timeout' = 'none'; '--url' = 'none'; '--profile' = 'none'; '--ca' = 'file'; '--data' = 'folder' }
        Places = @('credential')`)
    expect(script()).toContain(`Register-ArgumentCompleter -Native -CommandName @('regie', 'regie.cmd')`)
  })

  it('has as many brackets of a kind as of the other', () => {
    for (const [open, shut] of ['{}', '()', '[]'] as const)
      expect(script().split(open ?? '').length).toBe(script().split(shut ?? '').length)
  })
})
