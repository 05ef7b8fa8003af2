import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { createRedactor } from '../../../electron/vault/redactor'

const hash = '$2b$12$IvAbCdEfGhIjKlMnOpQrStUvWxYz0123456789./ABCDEFGHIJKLM'
const key = `rk_${'aZ09'.repeat(9)}`
const shown = (secret: string) => `[secret ${fingerprint(secret)}]`

describe('redacting', () => {
  it('shows the token that ComfyUI-Login prints as the vault’s fingerprint', () => {
    const { redact } = createRedactor()

    expect(redact(`For direct API calls, use token=${hash}`)).toBe(`For direct API calls, use token=${shown(hash)}`)
    expect(redact(`the hash ${hash}, alone`)).toBe(`the hash ${shown(hash)}, alone`)
    expect(redact(`GET /ws?clientId=1&token=${encodeURIComponent(hash)} HTTP/1.1`)).toBe(
      `GET /ws?clientId=1&token=${shown(hash)} HTTP/1.1`,
    )
  })

  it.each([
    ['Authorization: Bearer abc123', `Authorization: Bearer ${shown('abc123')}`],
    ["{'authorization': 'Basic dTpw'}", `{'authorization': 'Basic ${shown('dTpw')}'}`],
    ['"Authorization":"raw-value"', `"Authorization":"${shown('raw-value')}"`],
    [
      'python launch.py --api --api-auth admin:hunter22 --listen',
      `python launch.py --api --api-auth ${shown('admin:hunter22')} --listen`,
    ],
    ['--gradio-auth=admin:x', `--gradio-auth=${shown('admin:x')}`],
    ["['--api-auth', 'u:p', '--listen']", `['--api-auth', '${shown('u:p')}', '--listen']`],
    ["Namespace(api_auth='u:p', gradio_auth=None)", `Namespace(api_auth='${shown('u:p')}', gradio_auth=None)`],
    ['--api-auth --listen', '--api-auth --listen'],
    ['COMFYUI_API_TOKEN=hf_x', `COMFYUI_API_TOKEN=${shown('hf_x')}`],
    ['rk_ is what keys begin with, as in rk_abc', 'rk_ is what keys begin with, as in rk_abc'],
    ['max_tokens=512, Authorization is fine', 'max_tokens=512, Authorization is fine'],
  ])('%s', (text, expected) => {
    expect(createRedactor().redact(text)).toBe(expected)
  })

  it.each([
    [`GET /ws?clientId=1&token=${key} HTTP/1.1`, `GET /ws?clientId=1&token=${shown(key)} HTTP/1.1`],
    [`a key ${key}, alone`, `a key ${shown(key)}, alone`],
    [`Basic jonas:${key}`, `Basic jonas:${shown(key)}`],
    [`{"next":"%2F%3Fkey%3D${key.replace('_', '%5F')}"}`, `{"next":"%2F%3Fkey%3D${shown(key)}"}`],
    [`cut off: ${key.slice(0, 34)}`, `cut off: ${shown(key.slice(0, 34))}`],
  ])('shows no access key of anybody’s: %s', (text, expected) => {
    expect(createRedactor().redact(text)).toBe(expected)
  })

  it('knows a learned secret wherever it stands, also in a URL and in JSON', () => {
    const redactor = createRedactor()
    const secret = 'pa"ss wo/rd$'
    redactor.learn(secret)

    const text = redactor.redact(`x${secret}y ${encodeURIComponent(secret)} ${JSON.stringify({ secret })}`)

    expect(text).toBe(`x${shown(secret)}y ${shown(secret)} {"secret":"${shown(secret)}"}`)
  })

  it('takes a learned secret whole even where a general shape would stop early', () => {
    const redactor = createRedactor()
    redactor.learn('abc&def"ghi')

    expect(redactor.redact('token=abc&def"ghi')).toBe(`token=${shown('abc&def"ghi')}`)
  })

  it('prefers the longer of two secrets and tells upper from lower case', () => {
    const redactor = createRedactor()
    redactor.learn('secret')
    redactor.learn('secret-longer')

    expect(redactor.redact('secret-longer secret SECRET')).toBe(`${shown('secret-longer')} ${shown('secret')} SECRET`)
  })

  it('changes nothing the second time', () => {
    const redactor = createRedactor()
    redactor.learn('known-secret')
    const once = redactor.redact(`token=${hash} Authorization: Bearer abc known-secret`)

    expect(redactor.redact(once)).toBe(once)
  })

  it('forgets a secret when the last who learned it forgets it', () => {
    const redactor = createRedactor()
    redactor.learn('shared-secret')
    redactor.learn('shared-secret')

    redactor.forget('shared-secret')
    expect(redactor.redact('shared-secret')).toBe(shown('shared-secret'))
    redactor.forget('shared-secret')
    expect(redactor.redact('shared-secret')).toBe('shared-secret')
  })

  it('leaves words alone that are too short to be told from others', () => {
    const redactor = createRedactor()
    redactor.learn('short')

    expect(redactor.redact('a short word')).toBe('a short word')
  })

  it('handles a long log in one scan', () => {
    const redactor = createRedactor()
    for (let i = 0; i < 50; i++) redactor.learn(`known-secret-number-${i}`)
    const line = '[INFO] 2026-01-01 12:00:00 got prompt, executing node KSampler step 12/20 in 0.14 s\n'
    const log = line.repeat(50_000) + 'known-secret-number-7'

    const start = performance.now()
    const redacted = redactor.redact(log)
    const tookMs = performance.now() - start

    expect(redacted.endsWith(shown('known-secret-number-7'))).toBe(true)
    expect(tookMs).toBeLessThan(3000) // 4 MiB; some 100 ms on an idle core
  })
})
