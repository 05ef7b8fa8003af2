import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { openReleases, type ReadyRelease, type ReleaseInstaller } from '../../electron/releases'
import type { Target } from '../../electron/releases/target'
import type { ReleaseWait } from '../../shared/contract'
import { handClock } from './hand-clock'

export const windows: Target = { platform: 'win32', arch: 'x64', packaging: 'exe' }

/** A server on this machine that answers as it is told; its address. */
export async function feedThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/regie` // a TCP server's
}

export const aKey = () => generateKeyPairSync('ed25519')
export const signatureOf = (text: string | Buffer, key: KeyObject) =>
  sign(null, Buffer.from(text), key).toString('base64')
/** What stands between the first and the last line of a public key's PEM file. */
export const keyText = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64')

export const installer: Buffer = randomBytes(300_000)
export const sha512Of = (bytes: Uint8Array) => createHash('sha512').update(bytes).digest('base64')

/** What electron-builder writes of an installer. */
export const describeRelease = (
  version: string,
  { url = 'Regie Setup.exe', more = '' }: { url?: string; more?: string } = {},
) =>
  `version: ${version}\nfiles:\n  - url: ${JSON.stringify(url)}\n    sha512: ${sha512Of(installer)}\n    size: ${installer.length}\n${more}`

/** A feed whose files are as told, by their names; `asked` has the paths that were asked for. */
export async function feedOf(files: Record<string, string | Buffer | RequestListener>) {
  const asked: string[] = []
  const feed = await feedThat((request, response) => {
    const name = decodeURIComponent(request.url?.replace('/regie/', '') ?? '')
    asked.push(name)
    const file = Object.hasOwn(files, name) ? files[name] : undefined
    if (typeof file === 'function') file(request, response)
    else if (file === undefined) response.writeHead(404).end()
    else response.end(file)
  })
  return { feed, files, asked }
}

/** The same with a version that is signed with a key. */
export async function signedFeed(version = '0.8.0', description = describeRelease(version)) {
  const { publicKey, privateKey } = aKey()
  const served = await feedOf({
    'latest.yml': description,
    'latest.yml.sig': signatureOf(description, privateKey),
    'Regie Setup.exe': installer,
  })
  return { ...served, publicKey, privateKey }
}

interface Wanted {
  feed: string | null
  key?: KeyObject | null
  how?: ReleaseInstaller['how']
  automatic?: boolean
  folder?: string
  current?: string
  environment?: NodeJS.ProcessEnv
}

/** New versions as a panel of Windows would have them; what is under way and who looks are as a test says. */
export async function openTestReleases({ feed, key = null, how = 'restart', ...wanted }: Wanted) {
  const folder = wanted.folder ?? mkdtempSync(path.join(os.tmpdir(), 'regie-releases-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const heard: string[] = []
  const audited: string[] = []
  const taken: ReadyRelease[] = []
  const underWay: ReleaseWait[] = []
  const world = { isShown: false, fails: false }
  const clock = handClock(0)
  let kept: unknown = { feed, channel: 'latest', automatic: wanted.automatic ?? false }
  const releases = await openReleases({
    store: { read: () => kept, write: (settings) => void (kept = settings) },
    ...{ environment: wanted.environment ?? {}, current: wanted.current ?? '0.7.0', installation: 'here', key, clock },
    system: { platform: 'win32', arch: 'x64' },
    installer: {
      ...{ packaging: 'exe', how },
      isShown: () => world.isShown,
      take(ready) {
        if (world.fails) return Promise.reject(new Error('no program'))
        taken.push(ready)
        return Promise.resolve()
      },
    },
    memoryFile: path.join(folder, 'releases.json'),
    folder: path.join(folder, 'releases'),
    underWay: () => [...underWay],
    auditFirst({ who, action, target }) {
      audited.push([who, action, target].join(' '))
      return Promise.resolve()
    },
    changed: () => undefined,
    noticesChanged: () => heard.push('notices'),
    reportBug: (error) => heard.push(String(error)),
  })
  onTestFinished(() => releases.close())
  return { releases, heard, audited, taken, underWay, world, clock, folder, kept: () => kept }
}
