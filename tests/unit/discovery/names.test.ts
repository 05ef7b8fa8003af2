import { describe, expect, it } from 'vitest'
import { instanceOfPath, isPlaceholder, meaningOf, meaningOfPath } from '../../../electron/discovery/names'

const said = (name: string) => {
  const meaning = meaningOf(name)
  return meaning && [meaning.scheme, meaning.field, meaning.topic, meaning.instance]
}

describe('what a name tells', () => {
  it.each([
    ['COMFYUI_API_TOKEN', ['comfyui-login', 'token', 'comfyui', null]],
    ['COMFYUI_AUTH_TOKEN', ['comfyui-login', 'token', 'comfyui', null]],
    ['COMFYUI_BEARER_TOKEN', ['comfyui-login', 'token', 'comfyui', null]],
    ['COMFYUI_RAW_TOKEN', ['comfyui-login', 'password', 'comfyui', null]],
    ['COMFYUI_PASSWORD', ['comfyui-login', 'password', 'comfyui', null]],
    ['COMFYUI_USERNAME', ['comfyui-login', 'username', 'comfyui', null]],
    ['COMFYUI_VIDEO_TOKEN', ['comfyui-login', 'token', 'comfyui', 'video']],
    ['COMFYUI_VIDEO_PASSWORD', ['comfyui-login', 'password', 'comfyui', 'video']],
    ['QWEN_API_USER_TOKEN', ['comfyui-login', 'token', 'comfyui', 'qwen']],
    ['bcrypt_hash', ['comfyui-login', 'token', 'comfyui', null]],
    ['FORGE_USER', ['basic', 'username', 'forge', null]],
    ['FORGE_PASSWORD', ['basic', 'password', 'forge', null]],
    ['WHISPER_PASSWORD', ['basic', 'password', 'pair whisper', null]],
    ['HUGGINGFACE_TOKEN', ['token', 'token', 'HF_TOKEN', null]],
    ['QDRANT__SERVICE__API_KEY', ['token', 'token', 'QDRANT_API_KEY', null]],
    ['apiKey', ['token', 'token', 'API_KEY', null]],
    ['COMFYUI_PORT', null],
    ['COMFYUI_LOGIN_ENABLED', null],
    ['MAX_LOGIN_ATTEMPTS', null],
    ['GPU_DEVICE_ID', null],
    ['TZ', null],
  ])('%s', (name, meaning) => {
    expect(said(name)).toEqual(meaning)
  })

  it('reads a plain word together with what it stands below', () => {
    expect(meaningOfPath(['comfyui', 'token'])).toMatchObject({ scheme: 'comfyui-login', field: 'token' })
    expect(meaningOfPath(['whisper', 'api_key'])).toMatchObject({ topic: 'WHISPER_API_KEY', scope: 'everywhere' })
    expect(meaningOfPath(['token'])).toMatchObject({ topic: 'TOKEN', scope: 'folder' })
  })

  it('knows tokens of other people’s servers', () => {
    expect(meaningOf('HF_TOKEN')?.protects).toBe(false)
    expect(meaningOf('CIVITAI_TOKEN')?.protects).toBe(false)
    expect(meaningOf('VLLM_API_KEY')?.protects).toBe(true)
  })

  it.each([
    ['docker-configurations/services/comfyui-qwen/.env', 'qwen'],
    ['.secrets/qwen-api-user.token', 'qwen'],
    ['services/forge-turbo/.env', 'turbo'],
    ['services/sd-forge-main/.env', 'main'],
    ['.env', null],
  ])('the instance of %s', (file, instance) => {
    expect(instanceOfPath(file)).toBe(instance)
  })

  it('takes examples for what they are', () => {
    for (const value of ['<your token>', 'changeme', 'your_token_here', 'xxxx', '***', 'replace-me'])
      expect(isPlaceholder(value)).toBe(true)
    for (const value of ['hunter2-and-more', 'yourself', 'x9']) expect(isPlaceholder(value)).toBe(value === 'nothing')
  })
})
