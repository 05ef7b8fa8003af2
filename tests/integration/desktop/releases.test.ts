import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startDesktop } from '../../support/desktop'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { aKey, feedOf, keyText, sha512Of, signatureOf } from '../../support/releases'
import { until } from '../../support/until'

const root = path.resolve(import.meta.dirname, '../../..')
const { publicKey, privateKey } = aKey()

/** The main process as whoever publishes builds it: with a key. Inside the project, so that its packages resolve. */
const keyed = path.join(root, 'node_modules', '.cache', 'regie-keyed')
const buildScript = `
  import { createBuilder } from 'vite'
  const outDir = process.argv[1]
  const builder = await createBuilder({ logLevel: 'error', environments: { main: { build: { outDir, sourcemap: false } } } })
  await builder.build(builder.environments.main)`

async function buildWithKey() {
  const main = path.join(keyed, 'dist', 'main')
  mkdirSync(main, { recursive: true })
  for (const name of ['resources', 'dist/renderer'])
    if (!existsSync(path.join(keyed, name))) symlinkSync(path.join(root, name), path.join(keyed, name), 'junction')
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', buildScript, main], {
    cwd: root,
    env: { ...process.env, VITEST: '', NODE_ENV: 'production', REGIE_RELEASE_KEY: keyText(publicKey) },
  })
}

const suffix = process.arch === 'x64' ? 'linux' : `linux-${process.arch}`

/** A feed with a new AppImage, which leaves a note when it is started. */
async function feedWith(note: string) {
  const appImage = Buffer.from(`#!/bin/sh\necho started > '${note}'\n`)
  const files = `files:\n  - url: Regie-99.0.0.AppImage\n    sha512: ${sha512Of(appImage)}\n    size: ${appImage.length}\n`
  const description = `version: 99.0.0\n${files}`
  return feedOf({
    [`latest-${suffix}.yml`]: description,
    [`latest-${suffix}.yml.sig`]: signatureOf(description, privateKey),
    'Regie-99.0.0.AppImage': appImage,
  })
}

const call = (page: Page, method: string, to: string, body?: object): Promise<string> =>
  page.evaluate(
    async ([method, to, body]) => {
      const init: RequestInit = {
        method,
        ...(body !== '' && { body, headers: { 'content-type': 'application/json' } }),
      }
      const answer = await fetch(`/api/v1/${to}`, init)
      return `${answer.status} ${await answer.text()}`
    },
    [method, to, body === undefined ? '' : JSON.stringify(body)] as const,
  )

describe.runIf(process.platform === 'linux')('the desktop application', () => {
  beforeAll(async () => {
    await ensureBuilt()
    await buildWithKey()
  }, 240_000)

  it('replaces its AppImage by a signed version on the person’s word, once no job is under way', async () => {
    await using folder = await temporaryFolder('regie-releases')
    const at = (name: string) => path.join(folder.path, name)
    writeFileSync(at('Regie.AppImage'), 'old', { mode: 0o755 })
    const { feed } = await feedWith(at('note'))
    await using desktop = startDesktop({
      entry: path.join(keyed, 'dist', 'main', 'main.js'),
      userData: at('data'),
      args: ['--demo'],
      env: { HOST_PACKAGED: '1', APPIMAGE: at('Regie.AppImage'), REGIE_UPDATE_FEED: feed },
    })
    const page = await desktop.window()
    expect(await call(page, 'POST', 'releases/look')).toContain('"step":"offered"')
    expect(await call(page, 'POST', 'releases/download')).toContain('"installs":"restart"')
    await until('it to be there', async () => (await call(page, 'GET', 'releases')).includes('"step":"ready"'))
    // Nobody has confirmed that it is they.
    expect(await call(page, 'POST', 'releases/install')).toContain('session.reauth')

    await desktop.prove(page)
    await call(page, 'PATCH', 'services/comfyui-demo', { url: `http://127.0.0.1:${await freePort()}` })
    await call(page, 'POST', 'services/comfyui-demo/start')
    const isReady = async () => (await call(page, 'GET', 'services/comfyui-demo')).includes('"state":"ready"')
    await until('the service', isReady, 60_000)
    const params = { prompt: 'a lamp', width: 256, height: 256, steps: 100 }
    const job = await call(page, 'POST', 'generations', { serviceId: 'comfyui-demo', params })
    const [, id = ''] = /"id":"([^"]+)"/.exec(job) ?? []
    expect(await call(page, 'POST', 'releases/install')).toContain('release.busy')
    expect(readFileSync(at('Regie.AppImage'), 'utf8')).toBe('old')
    await call(page, 'POST', `generations/${id}/cancel`)
    await until('the job to be over', async () => (await call(page, 'GET', 'releases')).includes('"waitsFor":[]'))

    void call(page, 'POST', 'releases/install').catch(() => undefined)
    expect(await desktop.exited).toBe(0)
    expect(readFileSync(at('Regie.AppImage'), 'utf8')).toContain('#!/bin/sh')
    await until('the new version to be started', () => existsSync(at('note')))
  }, 120_000)

  it('of a build without a key tells a new version, and fetches nothing', async () => {
    await using folder = await temporaryFolder('regie-releases')
    const at = (name: string) => path.join(folder.path, name)
    const { feed, asked } = await feedWith(at('note'))
    const env = { HOST_PACKAGED: '1', APPIMAGE: at('Regie.AppImage'), REGIE_UPDATE_FEED: feed }
    await using desktop = startDesktop({ userData: at('data'), args: ['--demo'], env })
    const page = await desktop.window()
    const told = await call(page, 'POST', 'releases/look')
    expect(told).toContain('"step":"told"')
    expect(told).toContain('release.no-key')
    expect(await call(page, 'POST', 'releases/download')).toContain('release.nothing-offered')
    expect(asked).toEqual([`latest-${suffix}.yml`])
  })
})
