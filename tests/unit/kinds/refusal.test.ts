import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardOf, isFormRefusal, isRefusal, leadsToSignIn } from '../../../electron/kinds/refusal'

const asked = 'http://127.0.0.1:8188/system_stats?token='

describe('a refusal', () => {
  it.each([401, 403, 407])('is %s, whatever else is said', (status) => {
    expect(isRefusal({ status, location: null }, asked)).toBe(true)
    expect(isRefusal({ status, location: '/elsewhere' }, asked)).toBe(true)
  })

  it.each([null, 101, 200, 204, 304, 400, 404, 405, 418, 422, 429, 500, 502, 503, 504])('is not %s', (status) => {
    expect(isRefusal({ status, location: null }, asked)).toBe(false)
  })

  it.each([301, 302, 303, 307, 308])('is a redirect (%s) that leads to a sign-in, and no other', (status) => {
    expect(isRefusal({ status, location: '/login' }, asked)).toBe(true)
    expect(isRefusal({ status, location: '/' }, asked)).toBe(false)
    expect(isRefusal({ status, location: null }, asked)).toBe(false)
  })

  it('is never told by the location of an answer that is no redirect', () => {
    for (const status of [200, 201, 404, 500]) expect(isRefusal({ status, location: '/login' }, asked)).toBe(false)
  })
})

describe('a redirect to a sign-in', () => {
  it.each([
    // ComfyUI-Login, and gateways on the same host.
    '/login',
    '/login?wrong_password=1',
    '/login?redirect=%2Fsystem_stats',
    'login',
    '/Log-In',
    '/logon',
    '/sign-in',
    '/sign_in',
    '/users/sign_in',
    '/signin-oidc',
    '/login.html',
    '/_oauth',
    '/oauth2/start?rd=%2Fsystem_stats',
    '/.auth/login/aad',
    '/auth/realms/main/protocol/openid-connect/auth?client_id=a',
    '/accounts/login/?next=/',
    '/authelia/?rd=x',
    '/saml2/acs',
    // On another host, whatever its path is called.
    'https://sso.example.com/?rd=http%3A%2F%2F127.0.0.1%3A8188%2Fsystem_stats',
    'https://sso.example.com/',
    '//sso.example.com/start',
    'https://team.cloudflareaccess.com/cdn-cgi/access/login/host?kid=1',
    'http://127.0.0.1:9091/?rd=x',
    'https://127.0.0.1/login',
  ])('%s', (location) => {
    expect(leadsToSignIn(location, asked)).toBe(true)
  })

  it.each([
    // The program's own.
    '/',
    '/system_stats/?token=',
    '/system_stats',
    '/blog?from=/login',
    '/author/ann',
    '/catalogin',
    '/loginfo',
    '#login',
    // The same place elsewhere.
    'https://127.0.0.1/system_stats?token=',
    'https://127.0.0.1:8443/system_stats?token=',
    'https://127.0.0.1/',
    'http://localhost:8188/system_stats?token=',
    'https://www.example.com/system_stats/?token=',
    // Not to be read.
    'http://[',
  ])('is not %s', (location) => {
    expect(leadsToSignIn(location, asked)).toBe(false)
  })

  it('is not a sign-in page that puts a slash behind its own path', () => {
    expect(leadsToSignIn('/login/', 'http://127.0.0.1:7860/login')).toBe(false)
  })

  it('is told apart from the same path, for any path and any other host', () => {
    const part = fc.stringMatching(/^[a-z0-9._-]{1,12}$/).filter((text) => !/^\.+$/.test(text))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.boolean(), fc.domain(), (parts, slash, host) => {
        const path = `/${parts.join('/')}`
        const url = `http://127.0.0.1:8188${path}`
        const same = `${path}${slash && parts.length > 0 ? '/' : ''}`
        expect(leadsToSignIn(same, url)).toBe(false)
        expect(leadsToSignIn(`https://${host}${same}`, url)).toBe(false)
        expect(leadsToSignIn(`https://${host}${same}x?rd=1`, url)).toBe(true)
        expect(leadsToSignIn('/login', `${url}/elsewhere`)).toBe(true)
      }),
    )
  })
})

it.each([
  [401, null, 'guarded'],
  [403, null, 'guarded'],
  [302, '/login', 'guarded'],
  [302, 'https://sso.example.com/auth?next=%2F', 'guarded'],
  [301, 'https://127.0.0.1/', 'unclear'],
  [302, '/blog?from=/login', 'unclear'],
  [502, null, 'unclear'],
  [500, null, 'unclear'],
  [200, null, null],
  [404, null, null],
])('to a stranger, an answer %s %s is %s', (status, location, verdict) => {
  expect(guardOf({ status, location }, 'http://127.0.0.1:8188/system_stats')).toBe(verdict)
})

it.each([
  [400, null, true],
  [401, null, true],
  // A form that did not let anybody in shows itself again.
  [302, '/login?wrong_password=1', true],
  [302, '/', false],
  [200, null, false],
  [500, null, false],
])('a sign-in form that answers %s %s has refused: %s', (status, location, isRefused) => {
  expect(isFormRefusal({ status, location }, 'http://127.0.0.1:8188/login')).toBe(isRefused)
})
