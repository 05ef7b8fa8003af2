import { describe, expect, it } from 'vitest'
import { fileKindOf } from '../../../electron/discovery/file-kinds'
import { recognise } from '../../../electron/discovery/recognise'

const hash = `$2b$12$Iv${'a'.repeat(51)}`

function values(name: string, text: string) {
  const shown = name
  const kind = fileKindOf(name.split('/').at(-1) ?? '')
  if (kind === null) return null
  const { found, remarks } = recognise({ path: `/x/${shown}`, shown, modifiedAt: 0, bytes: Buffer.from(text), kind })
  return {
    remarks: remarks.map(({ problem }) => problem),
    named: found
      .filter(({ meaning }) => meaning !== null)
      .map(({ type, key, value, username, reasons, line }) => ({
        ...{ type, key, value, line },
        ...(username === null ? {} : { username }),
        ...(reasons.length === 0 ? {} : { reasons: reasons.map(({ problem }) => problem) }),
      })),
    others: found.filter(({ meaning }) => meaning === null).map(({ value }) => value),
  }
}

describe('recognising secrets in files', () => {
  it.each([
    ['.env', 'env'],
    ['.env.local', 'env'],
    ['master.env', 'env'],
    ['qwen-api-user.token', 'secret'],
    ['PASSWORD', 'login'],
    ['docker-compose.yml', 'yaml'],
    ['comfyui_auth_tokens.conf', 'ini'],
    ['.env.example', null],
    ['.env.backup.1700000000', null],
    ['.secret-key.txt', 'session-key'],
    ['secret-key.txt.bak', null],
    ['package.json', null],
    ['main.py', null],
  ])('%s is read as %s', (name, kind) => {
    expect(fileKindOf(name)).toBe(kind)
  })

  it('reads an .env as Compose does: Windows line ends, a byte order mark, quotes, the last of two', () => {
    const text = `\uFEFFCOMFYUI_API_TOKEN='${hash}'\r\nexport FORGE_PASSWORD="one"\r\nFORGE_PASSWORD=two # note\r\nTZ=Europe/Paris\r\n`
    expect(values('.env', text)).toEqual({
      remarks: [],
      named: [
        { type: 'env', key: 'COMFYUI_API_TOKEN', value: hash, line: 1, reasons: ['sink.bom'] },
        { type: 'env', key: 'FORGE_PASSWORD', value: 'two', line: 3, reasons: ['sink.bom'] },
      ],
      others: ['Europe/Paris'],
    })
  })

  it('tells what Compose makes of an unquoted hash, and leaves references to others alone', () => {
    expect(
      values('.env', `COMFYUI_API_TOKEN=${hash}\nFORGE_PASSWORD=\${OTHER}\nAPI_KEY=\nAPI_AUTH=true\n`)?.named,
    ).toEqual([{ type: 'env', key: 'COMFYUI_API_TOKEN', value: '$2b$12', line: 1, reasons: ['sink.mangled'] }])
    expect(values('.env', `COMFYUI_API_TOKEN='${hash}\n`)?.remarks).toEqual(['sink.env-broken'])
  })

  it('reads PASSWORD files with and without a name, and token files', () => {
    expect(values('login/PASSWORD', `${hash}\nadmin`)?.named).toMatchObject([{ value: hash, username: 'admin' }])
    expect(values('login/PASSWORD', `${hash}\r\nadmin\r\n`)?.named).toMatchObject([{ reasons: ['sink.crlf'] }])
    expect(values('login/PASSWORD', 'one\ntwo\nthree\n')?.named).toEqual([])
    expect(values('.secrets/qwen-api-user.token', `${hash}\n`)?.named).toMatchObject([{ type: 'file', value: hash }])
    expect(values('tls.key', '-----BEGIN PRIVATE KEY-----\nabc\n')?.named).toEqual([])
    expect(values('a.token', 'bin\0ary')?.named).toEqual([])
  })

  it('reads JSON, also under another name, YAML and INI, and no word that merely stands under "token"', () => {
    const json = JSON.stringify({
      raw_token: 'Kestrel-over-7',
      bcrypt_hash: hash,
      nested: [{ note: 'some-text-here' }],
    })
    expect(values('comfyui_auth_tokens.conf', json)).toEqual({
      remarks: [],
      named: [
        { type: 'json', key: '/raw_token', value: 'Kestrel-over-7', line: null },
        { type: 'json', key: '/bcrypt_hash', value: hash, line: null },
      ],
      others: ['some-text-here'],
    })
    expect(values('a.yaml', `comfyui:\n  token: '${hash}'\n  other: x\n`)?.named).toEqual([
      { type: 'yaml', key: '/comfyui/token', value: hash, line: 2 },
    ])
    expect(values('a.ini', '[whisper]\napi_key = "k3y-of-whisper"\n')?.named).toEqual([
      { type: 'ini', key: 'whisper.api_key', value: 'k3y-of-whisper', line: 2 },
    ])
    expect(values('fr.json', '{"password": "Motdepasse", "token": "Jeton"}')?.named).toEqual([])
    expect(values('broken.json', '{"token": ')?.named).toEqual([])
  })

  it('tells literals in Compose files from variables, and what can be written from what cannot', () => {
    const text = [
      'services:',
      '  a:',
      '    environment:',
      '      COMFYUI_PASSWORD: ${COMFYUI_PASSWORD}',
      `      COMFYUI_API_TOKEN: ${hash.replaceAll('$', '$$$$')}`,
      '      FORGE_PASSWORD: ${FORGE_PASSWORD:-letmein99}',
      '  b:',
      '    environment:',
      '      - API_KEY=literal-key-1',
      '    command: --api --api-auth admin:turbine-4',
      '',
    ].join('\n')
    expect(values('compose.yaml', text)?.named).toEqual([
      { type: 'yaml', key: '/services/a/environment/COMFYUI_API_TOKEN', value: hash, line: 5 },
      { type: null, key: 'FORGE_PASSWORD', value: 'letmein99', line: 6, reasons: ['discovery.no-sink'] },
      { type: null, key: 'API_KEY', value: 'literal-key-1', line: 9, reasons: ['discovery.no-sink'] },
      {
        type: null,
        key: '--api-auth',
        value: 'turbine-4',
        line: 10,
        username: 'admin',
        reasons: ['discovery.no-sink'],
      },
    ])
  })

  it('takes entry point and command for one line of arguments, merged keys and an anchor too', () => {
    const text = [
      'x-own: &own',
      '  command: [&login "anna:pw-1"]',
      'services:',
      '  forge:',
      '    <<: *own',
      '    entrypoint: [python, launch.py, --api-auth]',
      '  other:',
      '    command: [--gradio-auth, *login]',
    ].join('\n')
    expect(values('docker-compose.yml', text)?.named).toMatchObject([
      { key: '--api-auth', line: 2, username: 'anna', value: 'pw-1' },
      { key: '--gradio-auth', line: 2, username: 'anna', value: 'pw-1' },
    ])
  })
})
