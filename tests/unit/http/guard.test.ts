import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { checkHostAndOrigin, isSecure, namesOf } from '../../../electron/access/guard'

const door = { port: 7420, extraHosts: ['192.0.2.7'] }
const check = (headers: Record<string, string>) => checkHostAndOrigin(new Headers(headers), door)

describe('the Host and Origin guard', () => {
  it.each(['127.0.0.1:7420', 'localhost:7420', '[::1]:7420', 'LOCALHOST:7420', '192.0.2.7:7420'])(
    'answers for %s',
    (host) => {
      expect(() => check({ host })).not.toThrow()
    },
  )

  it.each([
    'evil.example:7420',
    '127.0.0.1:80',
    '127.0.0.1',
    'localhost.evil.example:7420',
    '',
    '127.0.0.1:7420:1',
    '[::1',
  ])('refuses the Host "%s", as a rebound name would send', (host) => {
    expect(() => check({ host })).toThrow(expect.objectContaining({ id: 'http.wrong-host' }))
  })

  it('answers for a name below localhost where it was given, and not by itself', () => {
    const headers = { host: 'regie.localhost:7420', origin: 'http://regie.localhost:7420' }

    expect(() => check(headers)).toThrow(expect.objectContaining({ id: 'http.wrong-host' }))
    const given = { ...door, publicOrigins: ['http://regie.localhost:7420'] }
    expect(() => checkHostAndOrigin(new Headers(headers), given)).not.toThrow()
  })

  it('lets a page of its own origin in', () => {
    expect(() => check({ host: '127.0.0.1:7420', origin: 'http://127.0.0.1:7420' })).not.toThrow()
  })

  it.each(['http://evil.example', 'http://127.0.0.1:8188', 'https://127.0.0.1:7420', 'null', 'http://localhost:7420'])(
    'refuses a page of origin %s',
    (origin) => {
      expect(() => check({ host: '127.0.0.1:7420', origin })).toThrow(
        expect.objectContaining({ id: 'http.wrong-origin' }),
      )
    },
  )

  it('refuses an image that another site embeds, which carries no Origin', () => {
    const headers = { host: '127.0.0.1:7420', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }

    expect(() => check(headers)).toThrow(expect.objectContaining({ id: 'http.wrong-origin' }))
  })

  it('follows a link from another site, which only navigates', () => {
    const headers = { host: '127.0.0.1:7420', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }

    expect(() => check(headers)).not.toThrow()
  })
})

describe('a door with a public address', () => {
  const behind = { port: 7420, extraHosts: [], publicOrigins: ['https://panel.example', 'http://localhost:9000'] }
  const ask = (headers: Record<string, string>) => () => checkHostAndOrigin(new Headers(headers), behind)

  it.each([
    ['a proxy that keeps the Host', { host: 'panel.example', origin: 'https://panel.example' }],
    ['one that puts the panel’s own in its place', { host: '127.0.0.1:7420', origin: 'https://panel.example' }],
    ['a tunnel on another port', { host: 'localhost:9000', origin: 'http://localhost:9000' }],
    ['a link', { host: 'panel.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('answers through %s', (_, headers) => {
    expect(ask(headers)).not.toThrow()
  })

  it.each([
    ['the public name on another port', { host: 'panel.example:8188' }],
    ['the public name without TLS', { host: 'panel.example', origin: 'http://panel.example' }],
    ['another public address’s page', { host: 'panel.example', origin: 'http://localhost:9000' }],
    ['a name below it', { host: 'evil.panel.example' }],
    ['its own port under the public name', { host: 'panel.example:7420' }],
    ['a page elsewhere', { host: 'panel.example', origin: 'https://evil.example' }],
  ])('refuses %s', (_, headers) => {
    expect(ask(headers)).toThrow()
  })

  it('keeps its cookie to TLS where it is reached over TLS', () => {
    expect(isSecure(new Headers({ host: 'panel.example' }), behind)).toBe(true)
    expect(isSecure(new Headers({ host: '127.0.0.1:7420', origin: 'https://panel.example' }), behind)).toBe(true)
    expect(isSecure(new Headers({ host: 'localhost:9000' }), behind)).toBe(false)
    expect(isSecure(new Headers({ host: '127.0.0.1:7420' }), { ...behind, tls: true })).toBe(true)
  })
})

it('a door is known by the address that it is bound to, or by all of this machine’s', () => {
  expect(namesOf('127.0.0.2')).toEqual(['127.0.0.2'])
  expect(namesOf('fd00::1')).toEqual(['[fd00::1]'])
  const all = Object.values(networkInterfaces()).flatMap((one) => (one ?? []).map(({ address }) => address))
  for (const address of all) expect(namesOf('0.0.0.0').join(' ')).toContain(address.toLowerCase())
})
