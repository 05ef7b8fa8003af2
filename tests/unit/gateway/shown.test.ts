import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShown } from '../../../electron/gateway/admission/shown'
import { isKeyShaped, newKey } from '../../../electron/people/key'

const key = newKey()
const other = newKey()
const hash = '$2b$12$IvAbCdEfGhIjKlMnOpQrStUvWxYz0123456789./ABCDEFGHIJKLM'
const cookieName = 'regie_gateway_forge_9860'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const read = (headers: { authorization?: string; cookie?: string }, search = '') =>
  readShown({ headers, query: new URLSearchParams(search) }, cookieName)
const keysOf = (headers: { authorization?: string; cookie?: string }, search = '') =>
  read(headers, search).keys.map((shown) => shown.key)

const anyKey = fc.nat().map(() => newKey())

describe('an access key', () => {
  it.each([
    ['Bearer', { authorization: `Bearer ${key}` }, ''],
    ['bearer in small letters', { authorization: `bearer  ${key} ` }, ''],
    ['Basic with any name', { authorization: basic(`jonas:${key}`) }, ''],
    ['Basic without a name', { authorization: basic(`:${key}`) }, ''],
    ['Basic without padding', { authorization: basic(`a:${key}`).replaceAll('=', '') }, ''],
    ['the address of a WebSocket', {}, `?clientId=abc&token=${key}`],
  ])('is read from %s', (_, headers, search) => {
    expect(read(headers, search)).toMatchObject({ keys: [{ key }], isBroken: false, foreign: [] })
  })

  it('is read whatever it is, in each of the ways', () => {
    fc.assert(
      fc.property(anyKey, fc.string({ unit: 'grapheme', maxLength: 40 }), (any, name) => {
        expect(keysOf({ authorization: `Bearer ${any}` })).toEqual([any])
        expect(keysOf({ authorization: basic(`${name.replaceAll(':', '')}:${any}`) })).toEqual([any])
        expect(keysOf({}, `?${new URLSearchParams({ name, token: any }).toString()}`)).toContain(any)
      }),
    )
  })

  it('that is shown twice is one, and two are two', () => {
    expect(keysOf({ authorization: `Bearer ${key}` }, `?token=${key}&token=${key}`)).toEqual([key])
    expect(keysOf({ authorization: `Bearer ${key}` }, `?token=${other}`)).toEqual([key, other])
    expect(keysOf({}, `?token=${other}&token=${key}`)).toEqual([other, key])
  })

  it.each([
    ['cut off', { authorization: `Bearer ${key.slice(0, -1)}` }],
    ['too long', { authorization: `Bearer ${key}x` }],
    ['in quotes', { authorization: `Bearer "${key}"` }],
    ['followed by a word', { authorization: `Bearer ${key} ${key}` }],
    ['without a scheme', { authorization: key }],
    ['with another sign in it', { authorization: `Bearer ${key.slice(0, 20)}-${key.slice(21)}` }],
  ])('%s is no key, and known to be meant as one', (_, headers) => {
    expect(read(headers)).toMatchObject({ keys: [], isBroken: true, foreign: [] })
  })
})

describe('what is not ours', () => {
  it.each([
    ['ComfyUI-Login’s token', { authorization: `Bearer ${hash}` }, '', { way: 'bearer', name: null, secret: hash }],
    ['the same in the address', {}, `?token=${encodeURIComponent(hash)}`, { way: 'token', name: null, secret: hash }],
    ['Forge’s pair', { authorization: basic('api:pa:ss') }, '', { way: 'basic', name: 'api', secret: 'pa:ss' }],
  ])('is told apart: %s', (_, headers, search, foreign) => {
    expect(read(headers, search)).toMatchObject({ keys: [], isBroken: false, foreign: [foreign] })
  })

  it.each(['', 'Bearer', 'Bearer ', 'Basic', 'Basic %%%', basic('no colon'), 'Digest username="x"', 'Negotiate abc'])(
    'and says nothing is nothing: "%s"',
    (authorization) => {
      expect(read({ authorization }, '?token=')).toEqual({ keys: [], isBroken: false, foreign: [], cookies: [] })
    },
  )

  it('is not looked at when it is endless', () => {
    expect(read({ authorization: `Bearer ${'x'.repeat(5000)}` }, `?token=${'y'.repeat(5000)}`).foreign).toEqual([])
  })

  it('never breaks the reader, nor becomes a key', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('Bearer ', 'Basic ', 'rk_', key.slice(0, 38), 'token=', '&', ';', '=', ' ', '%00', basic('a:b')),
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, text, (authorization, cookie, search) => {
        const shown = read({ authorization, cookie }, search)
        expect(shown.keys.every((one) => isKeyShaped(one.key))).toBe(true)
        expect(shown.foreign.every(({ secret }) => !secret.startsWith('rk_'))).toBe(true)
      }),
    )
  })
})

describe('the cookie of a listener', () => {
  it('is read beside those of other servers of the host, and by its own name alone', () => {
    const cookie = `a=1; regie_session_7420=panel; ${cookieName}=mine; regie_gateway_forge_9861=other; ${cookieName}=planted`

    expect(read({ cookie }).cookies).toEqual(['mine', 'planted'])
  })
})
