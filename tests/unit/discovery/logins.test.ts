import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { loginsIn } from '../../../electron/discovery/logins'
import { batchVariables, shellVariables } from '../../../electron/discovery/scripts'

const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

describe('logins among arguments', () => {
  test.each([
    ['--api-auth anna:one', [['--api-auth', 'anna', 'one']]],
    ['--api-auth="anna:one"', [['--api-auth', 'anna', 'one']]],
    [
      "--gradio-auth 'anna:one,ben:two' --api",
      [
        ['--gradio-auth', 'anna', 'one'],
        ['--gradio-auth', 'ben', 'two'],
      ],
    ],
    ['--api-auth admin:s3:cret', [['--api-auth', 'admin', 's3:cret']]],
    ['--gradio-auth admin:ab,cd12', [['--gradio-auth', 'admin', 'ab,cd12']]],
    ['--api-auth --listen', []],
    ['--api-auth', []],
    ['--gradio-auth-path file', []],
  ])('%s', (line, logins) => {
    expect(loginsIn(line).map(({ flag, user, password }) => [flag, user.value, password.value])).toEqual(logins)
  })
})

describe('variables of start scripts', () => {
  test.runIf(has('bash'))('are what bash sets, a carriage return included', () => {
    const values = ['plain', '"two words"', "'single $x'", '"a\\"b"', 'a\\ b', '"--api-auth u:p"\r', "'x'\r", 'p\r']
    for (const value of values) {
      const script = `export ONE=${value}\n`
      const { stdout } = spawnSync('bash', ['-c', `${script}printf %s "$ONE"`], { encoding: 'utf8' })
      expect([value, shellVariables(script)]).toEqual([value, [{ name: 'ONE', value: stdout, line: 1 }]])
    }
    expect(shellVariables('# export ONE=1\n#ONE=2\n')).toEqual([])
  })

  test('of a batch file are what cmd.exe sets: to the end of the line, without the carriage return', () => {
    const text =
      '@echo off\r\nset COMMANDLINE_ARGS=--api --api-auth u:p\r\nset "Two=b c"\r\nrem set THREE=x\r\nset PYTHON=\r\n'
    expect(batchVariables(text)).toEqual([
      { name: 'COMMANDLINE_ARGS', value: '--api --api-auth u:p', line: 2 },
      { name: 'TWO', value: 'b c', line: 3 },
      { name: 'PYTHON', value: '', line: 5 },
    ])
  })
})
