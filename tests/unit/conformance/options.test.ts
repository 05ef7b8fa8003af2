import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseOptions } from '../../conformance/options'

function file(content: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-conformance-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(path.join(folder, 'secret'), content)
  return path.join(folder, 'secret')
}

test('secrets are read from files, line ends of both kinds left out', () => {
  const options = parseOptions([
    ...['--comfyui', 'http://127.0.0.1:8188/', '--password-file', file('$2b$12$hash\r\nregie\r\n')],
    ...['--web-password-file', file('a pass word\n')],
    ...['--forge', 'http://127.0.0.1:7860', '--account-file', file('regie:a:b')],
  ])
  expect(options).toEqual({
    comfyui: {
      url: 'http://127.0.0.1:8188',
      token: '$2b$12$hash',
      webPassword: 'a pass word',
      folder: null,
      restart: null,
    },
    forge: { url: 'http://127.0.0.1:7860', account: { username: 'regie', password: 'a:b' } },
    allowChanges: false,
    throughGateway: false,
    timeoutMs: 60_000,
  })
})

test('an empty PASSWORD file holds no token', () => {
  const options = parseOptions(['--comfyui', 'http://127.0.0.1:8188', '--password-file', file('')])
  expect(options?.comfyui).toMatchObject({ token: null })
})

test('changes are asked for by name', () => {
  const options = parseOptions(['--comfyui', 'http://127.0.0.1:8188/sub/', '--allow-changes', '--timeout', '5'])
  expect(options).toMatchObject({ comfyui: { url: 'http://127.0.0.1:8188/sub' }, allowChanges: true, timeoutMs: 5000 })
})

test('help is no run', () => {
  expect(parseOptions(['--help'])).toBeNull()
})

test.each([
  [[], /name an installation/],
  [['--comfyui', 'nothing'], /is no address/],
  [['--comfyui', 'ftp://127.0.0.1'], /is no address/],
  [['--comfyui', 'http://user:secret@127.0.0.1'], /secrets are read from files only/],
  [['--forge', 'http://127.0.0.1', '--timeout', 'soon'], /is no time/],
  [['--password', 'secret'], /Unknown option '--password'/],
])('%j is refused', (args, words) => {
  expect(() => parseOptions(args)).toThrow(words)
})

test('the refusal of an address with a password does not repeat it', () => {
  expect(() => parseOptions(['--comfyui', 'http://user:hidden@127.0.0.1'])).toThrow(/^(?!.*hidden)/)
})

test('an account without a colon is refused, and not repeated', () => {
  const args = ['--forge', 'http://127.0.0.1', '--account-file', file('justapassword')]
  expect(() => parseOptions(args)).toThrow(/^the account file holds no user:password$/)
})
