import { expect, test } from 'vitest'
import { readExit, type ExitMeaning } from '../../../electron/system/exit-codes'

test.each<[code: number, meaning: ExitMeaning]>([
  [0, { is: 'clean' }],
  [3, { is: 'code', code: 3 }],
  [126, { is: 'not-executable' }],
  [127, { is: 'not-found' }],
  [130, { is: 'asked', signal: 'SIGINT' }],
  [131, { is: 'asked', signal: 'SIGQUIT' }],
  [132, { is: 'crashed', signal: 'SIGILL' }],
  [136, { is: 'crashed', signal: 'SIGFPE' }],
  [137, { is: 'killed' }],
  [143, { is: 'asked', signal: 'SIGTERM' }],
  [0xc000013a, { is: 'asked', signal: 'CTRL_C 0xc000013a' }],
  [-1073741510, { is: 'asked', signal: 'CTRL_C 0xc000013a' }],
  [0xc0000005, { is: 'crashed', signal: '0xc0000005: access violation' }],
  [-1073741819, { is: 'crashed', signal: '0xc0000005: access violation' }],
  [0xc0000aaa, { is: 'crashed', signal: '0xc0000aaa' }],
])('exit code %i is read as %o', (code, meaning) => {
  expect(readExit({ code, signal: null })).toEqual(meaning)
})

test('a signal is read before a code, and neither is unknown', () => {
  expect(readExit({ code: 0, signal: 'SIGSEGV' })).toEqual({ is: 'crashed', signal: 'SIGSEGV' })
  expect(readExit({ code: null, signal: 'SIGHUP' })).toEqual({ is: 'asked', signal: 'SIGHUP' })
  expect(readExit({ code: null, signal: null })).toEqual({ is: 'unknown' })
})
