import { describe, expect, it } from 'vitest'
import {
  passingPage,
  signInPage,
  signOutPage,
  type PageOf,
  type SignIn,
} from '../../../electron/gateway/admission/page/page'
import { words } from '../../../electron/gateway/admission/page/words'
import { languageOf } from '../../../shared/problems/language'

const of: PageOf = {
  service: { title: 'forge-neo', icon: 'hammer' },
  address: 'studio.lan:9860',
  isSecure: true,
  language: 'en',
}
const empty: SignIn = {
  ...{ way: 'password', next: '/', name: '', wrong: null, waitS: 0, isSignedOut: false, condition: null },
}

describe('the sign-in page of a service', () => {
  it('allows itself neither scripts nor frames, nor anything from elsewhere, and is kept by nobody', () => {
    const { headers, body } = signInPage(of, empty)
    const policy = headers['content-security-policy'] ?? ''
    const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1]

    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/script-src|unsafe/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(body).toContain(`<style nonce="${nonce}">`)
    expect(body).not.toMatch(/<script|\bon\w+=|style="|https?:\/\/(?!www\.w3\.org)/)
    expect(headers['cache-control']).toBe('no-store')
    expect(signInPage(of, empty).headers['content-security-policy']).not.toBe(policy)
  })

  it('lets its own forms name their Origin, which a page without any referrer would not', () => {
    expect(signInPage(of, empty).headers['referrer-policy']).toBe('same-origin')
  })

  it.each(['name', 'next', 'wrong'] as const)('shows %s as text, whatever is in it', (field) => {
    const evil = `"><img src=x onerror=alert(1)>'&`
    const { body } = signInPage(
      { ...of, address: evil, service: { title: evil, icon: 'graph' } },
      { ...empty, [field]: evil },
    )

    expect(body).not.toContain('<img')
    expect(body).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;')
  })

  it('says beneath its field what was wrong with it, and puts the cursor there', () => {
    const { status, body } = signInPage(of, { ...empty, way: 'key', wrong: words.en.wrong.key })

    expect(status).toBe(401)
    expect(body).toMatch(
      /<input id="key"[^>]* autofocus[^>]* aria-describedby="key-wrong key-hint" aria-invalid="true"/,
    )
    expect(body).toContain(`<p class="bad" id="key-wrong" role="alert">${words.en.wrong.key}</p>`)
    expect(body).not.toContain('id="password-wrong"')
  })

  it('counts down on its button while nothing is looked at', () => {
    const { status, headers, body } = signInPage(of, { ...empty, waitS: 8, wrong: words.en.wrong.wait(8) })

    expect(status).toBe(429)
    expect(headers['retry-after']).toBe('8')
    expect(body).toContain('from{--left:8}')
    expect(body).toContain('Wait 8 s')
    expect(signInPage(of, empty).body).not.toContain('--left')
  })

  it('says that the service sleeps, and what signing in does then', () => {
    const { body } = signInPage(of, { ...empty, condition: { is: 'asleep', readyInS: 35 } })

    expect(body).toContain('<b>forge-neo is asleep.</b> Signing in starts it; ready in about 35 s.')
    expect(body).toContain('Sign in and wake</button>')
    expect(signInPage(of, empty).body).not.toContain('asleep')
  })

  it('shows a lock only where there is TLS', () => {
    const lock = /class="address"><svg/
    expect(signInPage(of, empty).body).toMatch(lock)
    expect(signInPage({ ...of, isSecure: false }, empty).body).not.toMatch(lock)
  })

  it('speaks French to who wants it, here and on the way out', () => {
    const french = { ...of, language: 'fr' } as const

    expect(signInPage(french, empty).body).toContain('<html lang="fr">')
    expect(signInPage(french, empty).body).toContain('Se connecter à forge-neo')
    expect(signOutPage(french, 'Jonas').body).toContain('Connecté en tant que Jonas.')
    expect(passingPage(french, '/').body).toContain('<meta http-equiv="refresh" content="0;url=/">')
  })
})

describe('the language of a browser', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
    ['de,en;q=0.7,fr;q=0.3', 'en'],
    ['de, fr;q=0.7', 'fr'],
    ['fr;q=0, en;q=0', 'en'],
    ['FR ; q=0.5', 'fr'],
    [';;q=,,', 'en'],
  ])('%s is %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })
})
