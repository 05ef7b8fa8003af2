import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allowsRequest } from '../../../electron/shell/policy'
import { panelUrl, sidePageUrls } from '../../../electron/shell/scheme'
import { devDependencies } from '../../../package.json'

const root = path.resolve(import.meta.dirname, '../../..')

/** The sources of a folder without their comments, by path below the project. */
const sourcesOf = (folder: string): [file: string, code: string[]][] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [
      `${folder}/${name.split(path.sep).join('/')}`,
      readFileSync(path.join(root, folder, name), 'utf8')
        .replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
        .split('\n'),
    ])

const program = sourcesOf('electron')
const pages = sourcesOf('renderer')
const everything = [...program, ...pages]

/** Where a pattern stands: `file: the line`. */
const linesWith = (pattern: RegExp, sources = everything): string[] =>
  sources.flatMap(([file, code]) => code.filter((line) => pattern.test(line)).map((line) => `${file}: ${line.trim()}`))

/** The value of a key in the only place that states it. */
const stated = (key: string): string[] =>
  linesWith(new RegExp(`\\b${key}:`), program).map((line) => line.replace(/^.*?: \w+: |,$/g, ''))

// https://www.electronjs.org/docs/latest/tutorial/security#checklist-security-recommendations, in its order; the tests
// of integration/desktop/guards show the same of the window that runs.
describe('Electron’s security checklist', () => {
  it('1. only secure content is loaded: the panel’s own scheme', () => {
    expect(linesWith(/\bload(?:URL|File)\(/)).toEqual([
      'electron/shell/window.ts: window.loadURL(address).catch(() => undefined)',
    ])
    for (const address of [panelUrl, ...sidePageUrls]) expect(address).toMatch(/^regie:\/\/panel\//)
    for (const address of ['http://panel/', 'https://panel/', 'ws://panel/']) expect(allowsRequest(address)).toBe(false)
  })

  it.each([
    ['2. no Node for pages', 'nodeIntegration', 'false'],
    ['2. nor for their workers', 'nodeIntegrationInWorker', 'false'],
    ['2. nor for their frames', 'nodeIntegrationInSubFrames', 'false'],
    ['3. contexts are isolated', 'contextIsolation', 'true'],
    ['4. pages are sandboxed', 'sandbox', 'true'],
    ['6. webSecurity stays', 'webSecurity', 'true'],
    ['8. no insecure content beside secure', 'allowRunningInsecureContent', 'false'],
    ['11. no webview', 'webviewTag', 'false'],
  ])('%s', (_what, key, value) => {
    expect(stated(key)).toEqual([value])
    expect(linesWith(/new BrowserWindow\(/)).toEqual(['electron/shell/window.ts: const window = new BrowserWindow({'])
  })

  it('4. the whole program is sandboxed', () => {
    expect(linesWith(/\benableSandbox\(\)/)).toHaveLength(1)
    expect(linesWith(/no-sandbox/)).toEqual([])
  })

  it.each([
    ['5. permissions are decided', 'setPermissionRequestHandler'],
    ['5. also where they are only asked about', 'setPermissionCheckHandler'],
    ['5. and devices', 'setDevicePermissionHandler'],
    ['12. webviews are refused', "'will-attach-webview'"],
    ['13. navigation is limited', "'will-navigate'"],
    ['13. in frames too', "'will-frame-navigate'"],
    ['13. and by redirect', "'will-redirect'"],
    ['14. new windows are decided', 'setWindowOpenHandler'],
  ])('%s', (_what, call) => expect(linesWith(new RegExp(call), program)).toHaveLength(1))

  it('7. a content security policy allows the panel’s scripts and no others', () => {
    expect(linesWith(/default-src/).toSorted()).toEqual([
      // The gateway's own pages.
      `electron/gateway/admission/page/page.ts: "default-src 'none'",`,
      `electron/http/static-files.ts: "default-src 'none'",`,
    ])
    expect(linesWith(/script-src/).toSorted()).toEqual([
      // The waking page's own script alone, by a nonce of that answer.
      "electron/gateway/admission/page/page.ts: ...(runs ? [`script-src 'nonce-${nonce}'`, \"connect-src 'self'\"] : []),",
      `electron/http/static-files.ts: "script-src 'self'",`,
    ])
    expect(linesWith(/unsafe-eval/)).toEqual([])
  })

  it.each([
    ['9. no experimental features', /experimentalFeatures/],
    ['10. no further Blink features', /enableBlinkFeatures|enable-blink-features/],
    ['11. no webview, and none with popups', /<webview|allowpopups/],
    ['17. no messages between processes, so no sender to check', /\bipc(?:Main|Renderer)\b/],
    ['18. no file: protocol', /\bloadFile\(|\bregisterFileProtocol|['"`]file:/],
    [
      '20. nothing of Electron for pages: no preload script, no bridge',
      /\bcontextBridge\b|\bpreload\b(?!="metadata")|@electron\/remote/,
    ],
  ])('%s', (_what, pattern) => expect(linesWith(pattern)).toEqual([]))

  it('14. no page gets a window of its own', () => {
    const actions = linesWith(
      /\baction: '(?:allow|deny)'/,
      program.filter(([file]) => file.startsWith('electron/shell/')),
    )
    expect(actions).toEqual(["electron/shell/guards.ts: return { action: 'deny' }"])
  })

  it('15. addresses reach the system’s browser through the one place that checks them', () => {
    const calls = linesWith(/\bopenExternal\b/, program)
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatch(/^electron\/shell\/panel\.ts: /)
    expect(linesWith(/\bcreateLinkOpener\(/, program)).toHaveLength(1)
  })

  it('16. one exact version of Electron, and of nothing older than what was looked at', () => {
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/)
    expect(Number(devDependencies.electron.split('.')[0])).toBeGreaterThanOrEqual(45)
  })

  it('19. fuses are set: integration/desktop/packaging reads them in the packed program', () => {
    const { electronFuses } = parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')) as {
      electronFuses: Record<string, boolean>
    } // the test of the package reads it with a schema
    const allowed = Object.entries(electronFuses).filter(([, isOn]) => isOn)
    expect(allowed.map(([name]) => name).sort()).toEqual([
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
      'resetAdHocDarwinSignature',
      // Why this one stays on is told in the threat model.
      'runAsNode',
    ])
  })
})
