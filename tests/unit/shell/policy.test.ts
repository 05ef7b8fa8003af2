import { describe, expect, it } from 'vitest'
import { allowsDownload, allowsPermission, allowsRequest, safeFileName } from '../../../electron/shell/policy'
import { isPanelUrl } from '../../../electron/shell/scheme'

describe('what counts as the panel', () => {
  it.each(['regie://panel/', 'regie://panel', 'regie://panel/assets/index-1.js', 'regie://panel/?a=1#/studio'])(
    'accepts %s',
    (address) => expect(isPanelUrl(address)).toBe(true),
  )

  it.each([
    'regie://panel.evil.example/',
    'regie://evil/panel/',
    'regie://user:pass@panel/',
    'regie://panel:8080/',
    'https://panel/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,hi',
    'about:blank',
    'not an address',
    '',
  ])('refuses %s', (address) => expect(isPanelUrl(address)).toBe(false))
})

describe('permissions', () => {
  it('lets the panel write plain text to the clipboard', () => {
    expect(allowsPermission('clipboard-sanitized-write', 'regie://panel/')).toBe(true)
  })

  it.each([
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'geolocation',
    'hid',
    'local-network-access',
    'media',
    'notifications',
    'openExternal',
    'pointerLock',
    'serial',
    'usb',
    'a-permission-of-tomorrow',
  ])('refuses the panel %s', (permission) => expect(allowsPermission(permission, 'regie://panel/')).toBe(false))

  it.each(['https://evil.example/', 'file:///', ''])('refuses everything to %s', (origin) => {
    expect(allowsPermission('clipboard-sanitized-write', origin)).toBe(false)
  })
})

describe('requests of the window', () => {
  it.each(['regie://panel/rpc/events', 'data:image/png;base64,AA', 'blob:regie://panel/1-2', 'devtools://devtools/x'])(
    'go to %s',
    (address) => expect(allowsRequest(address)).toBe(true),
  )

  it.each([
    'https://example.com/',
    'http://127.0.0.1:8188/prompt',
    'ws://127.0.0.1:8188/ws',
    'file:///etc/passwd',
    'regie://other/',
    'blob:https://evil.example/1-2',
    'chrome-extension://abc/x.js',
    'nonsense',
  ])('do not go to %s', (address) => expect(allowsRequest(address)).toBe(false))
})

describe('downloads', () => {
  it('come from the panel or from what its page made', () => {
    expect(allowsDownload('regie://panel/api/v1/images/1')).toBe(true)
    expect(allowsDownload('blob:regie://panel/0-1')).toBe(true)
  })

  it.each(['https://example.com/setup.exe', 'file:///etc/passwd', 'data:text/plain,x', 'blob:https://evil.example/1'])(
    'do not come from %s',
    (address) => expect(allowsDownload(address)).toBe(false),
  )

  it.each([
    ['comfyui-demo-42.png', 'comfyui-demo-42.png'],
    ['../../.bashrc', 'bashrc'],
    ['C:\\Windows\\System32\\evil.dll', 'evil.dll'],
    ['a:b|c?.png', 'a_b_c_.png'],
    ['line\nbreak\u0000.png', 'line_break_.png'],
    ['..', 'regie-download'],
    ['', 'regie-download'],
    ['trailing dots...', 'trailing dots'],
    ['été – 🦊.png', 'été – 🦊.png'],
  ])('propose %j as %j', (proposed, safe) => expect(safeFileName(proposed)).toBe(safe))

  it('propose no name longer than file systems take', () => {
    expect(safeFileName(`${'x'.repeat(1000)}.png`).length).toBeLessThanOrEqual(200)
  })
})
