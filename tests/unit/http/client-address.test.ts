import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress, proxiesOf, readProxy } from '../../../electron/access/client-address'

/** Who a request is from that comes from `connection` with these headers, where these proxies are trusted. */
const from = (connection: string, headers: Record<string, string>, trusted: string[]) =>
  clientAddress(connection, new Headers(headers), proxiesOf(trusted))
const proxy = ['192.0.2.2']

describe('who a request is from', () => {
  it.each<[string, string | null, string[], string]>([
    ['192.0.2.1', '198.51.100.7', [], '192.0.2.1'],
    ['192.0.2.1', '198.51.100.7', ['192.0.2.2'], '192.0.2.1'],
    ['::ffff:192.0.2.2', '198.51.100.7', ['192.0.2.2'], '198.51.100.7'],
    ['192.0.2.2', '203.0.113.9, 198.51.100.7, 192.0.2.3', ['192.0.2.2', '192.0.2.3'], '198.51.100.7'],
    ['192.0.2.2', '203.0.113.9, 198.51.100.7, 192.0.2.3', ['192.0.2.0/24'], '198.51.100.7'],
    ['fe80::7%eth0', '2001:db8::9', ['fe80::/16'], '2001:db8::9'],
    ['192.0.2.2', null, ['192.0.2.2'], '192.0.2.2'],
    ['192.0.2.2', '192.0.2.2', ['192.0.2.2'], '192.0.2.2'],
  ])('%s with %s, trusting %j, is %4$s', (connection, forwarded, trusted, expected) => {
    expect(from(connection, forwarded === null ? {} : { 'x-forwarded-for': forwarded }, trusted)).toBe(expected)
  })

  it.each([
    ['for=198.51.100.7;proto=https;by=192.0.2.2', '198.51.100.7'],
    ['for=203.0.113.9, For="198.51.100.7:4711"', '198.51.100.7'],
    ['for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['by=192.0.2.2;for=198.51.100.7', '198.51.100.7'],
    // What a client left open takes in nothing that the proxy adds.
    ['for="203.0.113.9, for=198.51.100.7', '198.51.100.7'],
  ])('Forwarded: %s is %s', (forwarded, expected) => {
    expect(from('192.0.2.2', { forwarded }, proxy)).toBe(expected)
  })

  it.each<[string, Record<string, string>]>([
    ['is no address', { 'x-forwarded-for': '198.51.100.7, unknown' }],
    ['is hidden', { forwarded: 'for=198.51.100.7, for=_hidden' }],
    ['is a name', { 'x-forwarded-for': '198.51.100.7, panel.example' }],
    ['is empty', { 'x-forwarded-for': '198.51.100.7,' }],
    ['stands in a header without end', { 'x-forwarded-for': `${'203.0.113.9, '.repeat(400)}198.51.100.7` }],
    ['is told in two ways that differ', { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=203.0.113.9' }],
    ['is told in one of two ways alone', { 'x-forwarded-for': '198.51.100.7', forwarded: 'proto=https' }],
  ])('is the proxy where what it says %s', (_, headers) => {
    expect(from('192.0.2.2', headers, proxy)).toBe('192.0.2.2')
  })

  it('is who both headers name', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7', forwarded: 'for=198.51.100.7' }
    expect(from('192.0.2.2', headers, proxy)).toBe('198.51.100.7')
  })

  it('is what the proxy added, whatever a client wrote before it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (lie) => {
        // As a header may hold it.
        const written = lie.replaceAll(/[^\x20-\x7E]/g, '').trim()
        expect(from('192.0.2.2', { 'x-forwarded-for': `${written}, 198.51.100.7` }, proxy)).toBe('198.51.100.7')
        expect(from('192.0.2.2', { forwarded: `${written}, for=198.51.100.7` }, proxy)).toBe('198.51.100.7')
        expect(from('192.0.2.9', { 'x-forwarded-for': written }, proxy)).toBe('192.0.2.9')
      }),
      { numRuns: 200 },
    )
  })
})

describe('a proxy', () => {
  it.each([
    [' 192.0.2.2 ', '192.0.2.2'],
    ['2001:DB8::1', '2001:db8::1'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['fd00::/16', 'fd00::/16'],
    ['0.0.0.0/0', null],
    ['::/8', null],
    ['::/16', null],
    ['::ffff:0:0/96', null],
    ['::ffff:8000:0/97', null],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.0/104'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['10.0.0.0/33', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0.0/', null],
    ['fe80::1%eth0', null],
    ['proxy.example', null],
    ['', null],
  ])('%j is %j', (text, expected) => {
    expect(readProxy(text)).toBe(expected)
  })
})
