import fc from 'fast-check'
import { mkdtemp, readFile, rm, stat, writeFile, chmod } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setEnvironmentKeys, withEnvironmentKeys } from '../../../../electron/compose/program/env-file'
import { readEnvValue } from '../../../../electron/compose/files/dotenv'
import { Problem } from '../../../../shared/problems'

const hash = '$2b$12$Iv.abcdefghijklmnopqrstuAbCdEfGhIjKlMnOpQrStUvWxYz01234'

describe('setting keys of an .env file', () => {
  test.each([
    ['an empty file', '', { A: '1' }, 'A=1\n'],
    ['a key that is there', 'A=1\nB=2\n', { A: '3' }, 'A=3\nB=2\n'],
    ['a key that is not there goes to the end', 'A=1', { B: '2' }, 'A=1\nB=2\n'],
    [
      'comments, blank lines and order stay',
      '# note\n\nB=2 # why\nA=1\n',
      { B: '8189' },
      '# note\n\nB=8189 # why\nA=1\n',
    ],
    ['CRLF stays', 'A=1\r\nB=2\r\n', { A: '3', C: '4' }, 'A=3\r\nB=2\r\nC=4\r\n'],
    ['quotes stay as they are', 'A="1"\nB=\'2\'\n', { A: '3', B: '4' }, 'A="3"\nB=\'4\'\n'],
    ['export and blanks around stay', 'export A = 1\n', { A: '2' }, 'export A=2\n'],
    ['every place of a key is set', 'A=1\nA=2\n', { A: '3' }, 'A=3\nA=3\n'],
    ['a $ stands in single quotes', 'A=old\n', { A: hash }, `A='${hash}'\n`],
    ['blanks and # do too', '', { A: 'two words # here' }, "A='two words # here'\n"],
    ['a Windows path', '', { A: 'D:\\Dev\\models' }, "A='D:\\Dev\\models'\n"],
    ['a network path of WSL', '', { A: '\\\\wsl.localhost\\Ubuntu' }, 'A=\\\\wsl.localhost\\Ubuntu\n'],
    ['a value may be empty', 'A=1\n', { A: '' }, 'A=\n'],
    ['a key that only inherited gets a value', 'A\n', { A: '1' }, 'A=1\n'],
  ])('%s', (_, before, values, after) => {
    expect(withEnvironmentKeys(before, values)).toBe(after)
  })

  test.each([
    ['compose.env-value', { A: "it's" }],
    ['compose.env-value', { A: 'two\nlines' }],
    ['compose.env-value', { A: '\\\\server\\two words' }],
    ['compose.env-key', { 'A B': '1' }],
    ['compose.env-key', { 'A=1\nB': '1' }],
  ])('%s refuses %o', (problem, values) => {
    expect(() => withEnvironmentKeys('', values)).toThrow(expect.objectContaining({ id: problem }))
  })

  test('a file that Compose cannot read is not touched', () => {
    expect(() => withEnvironmentKeys('A="1\nB=2\n', { B: '3' })).toThrow(
      expect.objectContaining({ id: 'compose.env-file-invalid' }),
    )
  })

  test('whatever is written is read back alike by both generations, or refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', 'A=1\n', 'A="x"\r\nB=2\r\n', "B=2\nA='y'"), (value, before) => {
        try {
          const after = withEnvironmentKeys(before, { A: value })
          const bytes = Buffer.from(value).toString('latin1')
          expect(readEnvValue(after, 'A')).toEqual({ compose1: bytes, compose2: bytes })
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
    )
  })
})

describe('on disk', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'regie-env-'))))
  afterEach(() => rm(folder, { recursive: true }))

  test('the mode of a file stays, other bytes too, and a new file is for its owner', async () => {
    const file = path.join(folder, '.env')
    await writeFile(file, Buffer.from([0x23, 0xff, 0x0a, 0x41, 0x3d, 0x31, 0x0a]))
    await chmod(file, 0o640)
    await setEnvironmentKeys(file, { A: 'é' })
    expect((await readFile(file)).toString('latin1')).toBe(
      Buffer.from("#\xff\nA='", 'latin1').toString('latin1') + "\xc3\xa9'\n",
    )
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o640)

    const fresh = path.join(folder, 'fresh.env')
    await setEnvironmentKeys(fresh, { A: '1' })
    if (process.platform !== 'win32') expect((await stat(fresh)).mode & 0o777).toBe(0o600)
  })
})
