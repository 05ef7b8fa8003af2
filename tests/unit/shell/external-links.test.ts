import { describe, expect, it } from 'vitest'
import { checkExternalLink, createLinkOpener } from '../../../electron/shell/external-links'

const services = ['http://127.0.0.1:8188', 'https://render-box.lan:7860/forge/']

describe('links to the outside', () => {
  it.each([
    'http://127.0.0.1:8188/',
    'http://localhost:7860/?__theme=dark',
    'http://[::1]:9000/',
    'https://render-box.lan:7860/history',
    'https://github.com/comfyanonymous/ComfyUI',
    'https://docs.docker.com/desktop/',
  ])('%s is opened', (address) => expect(checkExternalLink(address, services)).toBe(address))

  it.each([
    ['a local file', 'file:///etc/passwd'],
    ['a network share', 'file://server/share/run.exe'],
    ['a script', 'javascript:alert(1)'],
    ['another program’s scheme', 'ms-msdt:/id'],
    ['another program’s scheme', 'smb://host/share'],
    ['the panel itself', 'regie://panel/'],
    ['a foreign site', 'https://evil.example/?stolen=secret'],
    ['a known site without TLS', 'http://github.com/'],
    ['a known site on another port', 'https://github.com:8443/'],
    ['a site that looks like a known one', 'https://github.com.evil.example/'],
    ['an address with credentials', 'http://user:password@127.0.0.1:8188/'],
    ['a name that hides behind credentials', 'https://github.com@evil.example/'],
    ['a service’s host on another port', 'https://render-box.lan:22/'],
    ['a host that begins like loopback', 'http://127.0.0.1.evil.example/'],
    ['something endless', `http://127.0.0.1/${'a'.repeat(3000)}`],
    ['no address at all', 'not an address'],
  ])('%s is refused: %s', (_what, address) => expect(checkExternalLink(address, services)).toBeNull())

  it('a numeric spelling of loopback is what it is, and nothing else', () => {
    expect(checkExternalLink('http://2130706433/', [])).toBe('http://127.0.0.1/')
    expect(checkExternalLink('http://0x08080808/', [])).toBeNull()
  })
})

describe('the opener', () => {
  const open = () => {
    const opened: string[] = []
    const refused: string[] = []
    const openLink = createLinkOpener({
      serviceUrls: () => services,
      open: (address) => Promise.resolve(void opened.push(address)),
      refused: (address) => refused.push(address),
    })
    return { openLink, opened, refused }
  }

  it('opens what passes the check', () => {
    const { openLink, opened, refused } = open()
    openLink('http://127.0.0.1:8188/')
    expect({ opened, refused }).toEqual({ opened: ['http://127.0.0.1:8188/'], refused: [] })
  })

  it('opens nothing else, and tells', () => {
    const { openLink, opened, refused } = open()
    openLink('file:///etc/passwd')
    expect({ opened, refused }).toEqual({ opened: [], refused: ['file:///etc/passwd'] })
  })
})
