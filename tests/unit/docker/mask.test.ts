import { describe, expect, test } from 'vitest'
import {
  maskArguments,
  maskNamed,
  maskText,
  maskVariable,
  type KnownSecrets,
} from '../../../electron/docker/inspect/mask'
import { createRedactor } from '../../../electron/vault/redactor'
import { fingerprint } from '../../../electron/vault/fingerprint'

const hash = '$2b$12$IvabcdefghijklmnopqrstuJ0Tt5WvB0V7aZ0u8zVtqV5Qq1N6yHk'
const old = '$2b$12$zzabcdefghijklmnopqrstuJ0Tt5WvB0V7aZ0u8zVtqV5Qq1N6yHk'
const redactor = createRedactor()
for (const secret of [hash, 'correct-horse']) redactor.learn(secret)
const known: KnownSecrets = {
  redact: redactor.redact,
  credentials: new Map([
    [fingerprint(hash), 'comfyui-qwen'],
    [fingerprint('correct-horse'), 'forge-turbo'],
  ]),
  own: { id: 'comfyui-qwen', isHash: true, variables: new Set(['QWEN_WORD']) },
}
const shown = (secret: string) => `[secret ${fingerprint(secret)}]`

describe('a variable', () => {
  test.each([
    ['HF_TOKEN', 'abc'],
    ['COMFYUI_PASSWORD', 'hunter2'],
    ['SECRET_KEY', 'x-y-z'],
    ['WEB_AUTH', 'a b c'],
    ['AWS_SECRET_ACCESS_KEY', 'abcd'],
    ['DB_PWD', 'pw'],
  ])('%s is a secret by its name', (name, value) => {
    expect(maskVariable(name, value, known)).toEqual({
      name,
      value: '',
      secret: { fingerprint: fingerprint(value), vault: 'unknown', credentialId: null },
    })
  })

  test.each([
    ['COMFYUI_PASSWORD', ''],
    ['AUTH_ENABLED', 'true'],
    ['API_KEY_FILE', '/run/secrets/key'],
    ['MAX_TOKENS', '4096'],
    ['TZ', 'Europe/Paris'],
    ['PATH', '/bin:/usr/bin'],
    ['FORGE_USER', 'admin'],
  ])('%s=%s is shown', (name, value) => {
    expect(maskVariable(name, value, known)).toEqual({ name, value, secret: null })
  })

  test('a value that the vault knows is masked under any name, and told as the same', () => {
    expect(maskVariable('GREETING', 'correct-horse', known)).toEqual({
      name: 'GREETING',
      value: '',
      secret: { fingerprint: fingerprint('correct-horse'), vault: 'same', credentialId: 'forge-turbo' },
    })
  })

  test('another hash, or another value where the credential should stand, differs from the vault', () => {
    for (const [name, value] of [
      ['COMFYUI_BEARER_TOKEN', old],
      ['HARMLESS', old],
      ['QWEN_WORD', 'forgotten-token-of-old'],
    ] as const)
      expect(maskVariable(name, value, { ...known, redact: redactor.redact })).toMatchObject(
        name === 'QWEN_WORD'
          ? { value: 'forgotten-token-of-old' }
          : { value: '', secret: { vault: 'differs', credentialId: 'comfyui-qwen' } },
      )
    expect(
      maskVariable('QWEN_TOKEN', 'older', {
        ...known,
        own: { id: 'q', isHash: false, variables: new Set(['QWEN_TOKEN']) },
      }),
    ).toMatchObject({ secret: { vault: 'differs', credentialId: 'q' } })
  })

  test('a hash that Compose has cut short is masked too', () => {
    expect(maskVariable('ANY', '$2b$12.abcdefghijklmnop', known).value).not.toContain('abcdefghij')
  })

  test('a password inside an address or inside arguments is masked, the rest is shown', () => {
    expect(maskVariable('HTTP_PROXY', 'http://me:s3cret@proxy:3128', known).value).toBe(
      `http://me:${shown('s3cret')}@proxy:3128`,
    )
    expect(maskVariable('FORGE_ARGS', '--api --gradio-auth admin:pa55 --listen', known).value).toBe(
      `--api --gradio-auth admin:${shown('pa55')} --listen`,
    )
  })
})

describe('a command line', () => {
  test('the value after a flag for secrets is masked; user names stay', () => {
    expect(
      maskArguments(['launch.py', '--api-auth', 'u:p,v:q:r', '--listen', '--token', 'abc', '--port', '7860'], known),
    ).toEqual([
      'launch.py',
      '--api-auth',
      `u:${shown('p')},v:${shown('q:r')}`,
      '--listen',
      '--token',
      shown('abc'),
      '--port',
      '7860',
    ])
  })

  test('also joined by an equals sign, quoted, or in one shell line', () => {
    expect(
      maskArguments(['sh', '-c', `HF_TOKEN=abcdef python a.py --gradio-auth="u:p" --api-key 'k1' --listen`], known)[2],
    ).toBe(`HF_TOKEN=${shown('abcdef')} python a.py --gradio-auth=u:${shown('p')} --api-key ${shown('k1')} --listen`)
    expect(maskText('curl -u me:pw -H "Authorization: Bearer abc" http://x', known)).toBe(
      `curl -u me:${shown('pw')} -H "Authorization: Bearer ${shown('abc')}" http://x`,
    )
  })

  test('paths, switches and references to variables are no secrets', () => {
    const line = ['--gradio-auth-path', '/auth.txt', '--no-auth', 'main.py', '--tls-keyfile', 'key.pem']
    expect(maskArguments(line, known)).toEqual(line)
    expect(maskText('PASSWORD=$PW docker run --user 1000:1000 x', known)).toBe(
      'PASSWORD=$PW docker run --user 1000:1000 x',
    )
  })
})

test('labels and options are masked by name and by shape', () => {
  expect(maskNamed('splunk-token', 'abc', known)).toBe(shown('abc'))
  expect(maskNamed('max-size', '10m', known)).toBe('10m')
  expect(maskNamed('note', `x ${hash} y`, known)).toBe(`x ${shown(hash)} y`)
  expect(maskNamed('note', 'use hf_abcdefghijklmnop', known)).toBe(`use ${shown('hf_abcdefghijklmnop')}`)
})
