import { describe, expect, it } from 'vitest'
import { group } from '../../../electron/discovery/group'
import { recognise } from '../../../electron/discovery/recognise'
import { fileKindOf } from '../../../electron/discovery/file-kinds'

const hash = (letter: string) => `$2b$12$${letter.repeat(53)}`

/** Groups of a deployment, each as its places. */
function groupsOf(files: Record<string, string>) {
  const found = Object.entries(files).flatMap(([shown, text]) => {
    const kind = fileKindOf(shown.split('/').at(-1) ?? '')
    if (kind === null) return []
    return recognise({ path: `/x/${shown}`, shown, modifiedAt: 0, bytes: Buffer.from(text), kind }).found
  })
  return group(found).map(({ scheme, members }) => [
    scheme,
    ...members.map(({ found: { shown, key }, field }) => `${shown} ${key ?? '-'} ${field}`),
  ])
}

describe('what belongs together', () => {
  it('takes drifted values of known names for one credential, and instances for several', () => {
    expect(
      groupsOf({
        '.env': `COMFYUI_API_TOKEN='${hash('a')}'\nCOMFYUI_RAW_TOKEN=kestrel-77\n`,
        'services/comfyui-qwen/.env': `COMFYUI_API_TOKEN='${hash('b')}'\n`,
        'services/comfyui-qwen/login/PASSWORD': hash('a'),
        'services/comfyui-video/.env': `COMFYUI_PASSWORD=another-88\n`,
      }),
    ).toEqual([
      [
        'comfyui-login',
        'services/comfyui-qwen/.env COMFYUI_API_TOKEN token',
        'services/comfyui-qwen/login/PASSWORD - token',
        '.env COMFYUI_API_TOKEN token',
        '.env COMFYUI_RAW_TOKEN password',
      ],
      ['comfyui-login', 'services/comfyui-video/.env COMFYUI_PASSWORD password'],
    ])
  })

  it('keeps a name that everybody uses apart, unless the values are equal', () => {
    expect(
      groupsOf({
        'a/.env': 'API_KEY=key-one-11\n',
        'b/.env': 'API_KEY=key-two-22\n',
        'c/.env': 'API_KEY=key-one-11\n',
      }),
    ).toEqual([
      ['token', 'a/.env API_KEY token', 'c/.env API_KEY token'],
      ['token', 'b/.env API_KEY token'],
    ])
    expect(groupsOf({ 'a/.env': 'HF_TOKEN=hf_one11111\n', 'b/.env': 'HUGGINGFACE_TOKEN=hf_two22222\n' })).toEqual([
      ['token', 'a/.env HF_TOKEN token', 'b/.env HUGGINGFACE_TOKEN token'],
    ])
  })

  it('adds places whose names say nothing when their value is a known secret', () => {
    expect(
      groupsOf({
        '.env': `COMFYUI_API_TOKEN='${hash('a')}'\nMY_COPY='${hash('a')}'\n`,
        'settings.json': JSON.stringify({ comfy: { value: 'kestrel-77' }, other: 'not-a-secret-1' }),
        'x/comfyui-qwen/.env': 'COMFYUI_PASSWORD=kestrel-77\n',
      }),
    ).toEqual([
      [
        'comfyui-login',
        'x/comfyui-qwen/.env COMFYUI_PASSWORD password',
        '.env COMFYUI_API_TOKEN token',
        '.env MY_COPY token',
        'settings.json /comfy/value password',
      ],
    ])
  })

  it('pairs a user name with its password, and takes a password alone for a token', () => {
    expect(
      groupsOf({ 'w/.env': 'WHISPER_USER=ann\nWHISPER_PASSWORD=whisper-99\nAPP_USER=bob\nDB_PASSWORD=database-1\n' }),
    ).toEqual([
      ['basic', 'w/.env WHISPER_USER username', 'w/.env WHISPER_PASSWORD password'],
      ['token', 'w/.env DB_PASSWORD token'],
    ])
  })
})
