import { describe, expect, it } from 'vitest'
import { answerProblem, authorization, wordsOf } from '../../../electron/kinds/client'
import { decodeImage, sniffImage } from '../../../electron/kinds/image-type'
import { createInbox } from '../../../electron/kinds/inbox'
import { listNames } from '../../../electron/kinds/words'

const answer = (status: number, body = '', headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(body),
  tookMs: 1,
})
const translate = (kind: 'comfyui' | 'forge', response: ReturnType<typeof answer>, credential = true) =>
  answerProblem(response, { kind, url: 'http://h:1', call: { path: '/view?filename=secret.png', credential } })

describe('authorization', () => {
  const secret = { username: 'ann', password: 'pw', token: '$2b$12$hash' }

  it('sends ComfyUI the hash as Bearer token and Forge the pair as Basic', () => {
    expect(authorization('comfyui-login', secret)).toBe('Bearer $2b$12$hash')
    expect(authorization('basic', secret)).toBe(`Basic ${Buffer.from('ann:pw').toString('base64')}`)
  })

  it('falls back to the other scheme, for a proxy in front', () => {
    expect(authorization('comfyui-login', { ...secret, token: null })).toMatch(/^Basic /)
    expect(authorization('basic', { ...secret, password: null })).toMatch(/^Bearer /)
  })

  it('sends nothing without a usable secret', () => {
    expect(authorization('comfyui-login', null)).toBeNull()
    expect(authorization('basic', { username: 'ann', password: null, token: null })).toBeNull()
  })

  it('makes no header of a token that no header can hold', () => {
    for (const token of ['tok€n', 'to\u0000ken', 'to ken'])
      expect(authorization('comfyui-login', { username: null, password: null, token })).toBeNull()
  })
})

describe('answerProblem', () => {
  it('tells a refused credential from a missing one', () => {
    expect(translate('comfyui', answer(401, '{"error": "Authentication required."}')).id).toBe('backend.refused')
    expect(translate('comfyui', answer(401), false).id).toBe('backend.credential-needed')
    expect(translate('comfyui', answer(403)).id).toBe('backend.refused')
  })

  it('takes a redirect to a sign-in for a refusal, and tells any other one by its place, without its query', () => {
    const signIn = answer(302, '', { location: '/login?next=/x' })
    expect(translate('comfyui', signIn).reason).toMatchObject({
      problem: 'backend.refused',
      params: { status: 302, detail: '/login' },
    })
    expect(translate('forge', signIn, false).id).toBe('backend.credential-needed')
    expect(translate('forge', answer(407)).id).toBe('backend.refused')
    const moved = translate('comfyui', answer(302, '', { location: '/elsewhere?next=/x' }))
    expect(moved.message).toContain('sends Regie to /elsewhere instead')
  })

  it('takes a 404 for no more than it is: what else answers tells what it means', () => {
    expect(translate('forge', answer(404, '{"detail":"Not Found"}')).id).toBe('backend.unexpected-answer')
    expect(translate('comfyui', answer(404)).id).toBe('backend.unexpected-answer')
  })

  it('keeps the words of a failing server, but no page and no file name', () => {
    expect(
      translate('comfyui', answer(500, '500 Internal Server Error\n\nServer got itself in trouble')).message,
    ).toContain('500 Internal Server Error Server got itself in trouble')
    const proxy = translate('comfyui', answer(502, '<html><body>Bad Gateway'))
    expect(proxy.message).toBe('The service failed with 502: an HTML page')
    expect(translate('comfyui', answer(404)).message).not.toContain('secret.png')
  })

  it('finds the message in the shapes of both services, and cuts long ones', () => {
    expect(wordsOf(answer(500, '{"error":"RuntimeError","detail":"","message":"boom"}'))).toBe('boom')
    expect(wordsOf(answer(404, '{"detail":"Not Found"}'))).toBe('Not Found')
    expect(wordsOf(answer(500, 'x'.repeat(9000)))).toHaveLength(500)
    expect(wordsOf(answer(500))).toBe('no details')
  })
})

describe('small parts', () => {
  it('knows a picture by its first bytes and nothing else', () => {
    expect(sniffImage(Buffer.from('RIFF\0\0\0\0WEBP'))).toBe('image/webp')
    expect(sniffImage(Buffer.from('RIFF\0\0\0\0WAVE'))).toBeNull()
    expect(sniffImage(new Uint8Array())).toBeNull()
    expect(decodeImage('data:image/jpeg;base64,/9j/4A==')?.mime).toBe('image/jpeg')
    expect(decodeImage('bm90aGluZw==')).toBeNull()
  })

  it('lists at most twelve names', () => {
    expect(listNames([])).toBe('–')
    expect(listNames(Array.from({ length: 14 }, (_, i) => `m${i}`))).toMatch(/m11, … \(\+2\)$/)
  })

  it('hands values over in order and folds those that may be folded', async () => {
    const inbox = createInbox<number>((waiting, value) => (waiting >= 10 && value >= 10 ? value : null))
    for (const value of [1, 10, 11, 12, 2]) inbox.put(value)
    expect([await inbox.take(), await inbox.take(), await inbox.take()]).toEqual([1, 12, 2])
    const later = inbox.take()
    inbox.put(3)
    expect(await later).toBe(3)
  })
})
