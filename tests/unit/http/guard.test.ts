import { describe, expect, it } from 'vitest'
import { checkHostAndOrigin } from '../../../electron/http/guard'

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
