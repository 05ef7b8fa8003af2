import { describe, expect, test } from 'vitest'
import { plainSecretsIn, withReferences } from '../../../electron/services/secrets/plain'
import type { GivenText } from '../../../shared/contract'
import { filledIn, referencesOf } from '../../../shared/given-text'

const found = (args: GivenText[], env: Record<string, GivenText> = {}) =>
  plainSecretsIn({ args, env }).map(({ where, name, username, value }) => [where, name, username, value])

describe('a secret in clear text', () => {
  test.each<[string, GivenText[], unknown[]]>([
    ['behind Forge’s flag', ['--listen', '--api-auth', 'ann:s3cret-one'], [['--api-auth', 'ann', 's3cret-one']]],
    ['in one word with it', ['--gradio-auth=ann:s3cret-one'], [['--gradio-auth', 'ann', 's3cret-one']]],
    [
      'of two people',
      ['--gradio-auth', 'ann:s3cret-one,bob:s3cret-two'],
      [
        ['--gradio-auth', 'ann', 's3cret-one'],
        ['--gradio-auth', 'bob', 's3cret-two'],
      ],
    ],
    ['behind a key’s flag', ['--api-key', 'sk-abcdef'], [['--api-key', null, 'sk-abcdef']]],
    [
      'in a shell’s line',
      ['/c', 'webui.bat --api-auth ann:s3cret-one --port 7860'],
      [['--api-auth', 'ann', 's3cret-one']],
    ],
    [
      'with a folder of Windows beside it',
      ['--data-dir', 'C:\\sd\\data', '--token=abcdef'],
      [['--token', null, 'abcdef']],
    ],
    ['which is a flag’s path is none', ['--gradio-auth-path', 'D:\\sd\\auth.txt', '--keyfile', 'C:\\keys\\a.pem'], []],
    ['which is a reference already is none', ['--api-auth', [{ credentialId: 'door', field: 'password' }]], []],
    ['which is a switch is none', ['--token', 'true', '--api-auth'], []],
  ])('%s', (_, args, expected) => {
    expect(found(args)).toEqual(expected.map((one) => ['arguments', ...(one as unknown[])]))
  })

  test('in the environment, by names that speak of one', () => {
    const env = {
      HF_TOKEN: 'hf_abcdefghijk',
      HF_HOME: 'D:\\models\\huggingface',
      MAX_TOKENS: '512',
      SSL_KEY_FILE: 'C:\\keys\\a.pem',
      COMMANDLINE_ARGS: '--xformers --api-auth ann:s3cret-one --models-dir "D:\\my models"',
    }
    expect(found([], env)).toEqual([
      ['environment', 'HF_TOKEN', null, 'hf_abcdefghijk'],
      ['arguments', '--api-auth', 'ann', 's3cret-one'],
    ])
  })
})

test('with references in their place, the program gets what it got before', () => {
  const before = {
    args: ['main.py', '--api-auth', 'ann:one-one-one,bob:two-two-two', '/c', 'x.bat --token=three-three --port 1'],
    env: { A: 'C:\\a b', HF_TOKEN: 'hf_four', COMMANDLINE_ARGS: "--gradio-auth 'eve:five-five' --x" },
  }
  const values: string[] = []
  const after = withReferences(before, ({ username, value }) => {
    const credentialId = `c${values.length}`
    values.push(username ?? '', value)
    return { credentialId }
  })

  const text = JSON.stringify(after)
  for (const secret of ['one-one', 'two-two', 'three-three', 'hf_four', 'five-five']) expect(text).not.toContain(secret)
  expect(referencesOf(after)).toHaveLength(8)
  const fill = (given: GivenText) =>
    filledIn(
      given,
      ({ credentialId, field }) => values[Number(credentialId.slice(1)) + (field === 'username' ? 0 : 1)] ?? '',
    )
  expect(after.args.map(fill)).toEqual(before.args)
  expect(Object.fromEntries(Object.entries(after.env).map(([name, given]) => [name, fill(given)]))).toEqual(before.env)
})

test('what looks like a reference and is a text stays a text', () => {
  const args = ['${vault:door.password}', '{"credentialId":"door","field":"password"}']
  expect(withReferences({ args, env: {} }, () => ({ credentialId: 'x' })).args).toEqual(args)
  expect(referencesOf({ args, env: {} })).toEqual([])
})
