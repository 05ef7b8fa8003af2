import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { download } from '../../../electron/releases/download'
import {
  describeRelease,
  feedOf,
  installer,
  openTestReleases,
  sha512Of,
  signatureOf,
  signedFeed,
} from '../../support/releases'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const file = 'Regie Setup.exe'

/** Fetches from a server that sends the file as told; answers what it ended with, and what lies there then. */
async function fetched(
  answer: RequestListener | Buffer,
  { had = null as Buffer | null, room = 2 ** 30, stop = 0, stallMs = 15_000 } = {},
) {
  await using folder = await temporaryFolder('regie-download')
  const { feed, asked } = await feedOf({ [file]: answer })
  const to = path.join(folder.path, 'releases', 'Regie-0.8.0.exe')
  mkdirSync(path.dirname(to))
  if (had) writeFileSync(`${to}.part`, had)
  const controller = new AbortController()
  const ended = await download({
    file: { url: new URL(encodeURIComponent(file), `${feed}/`), size: installer.length, sha512: sha512Of(installer) },
    ...{ to, signal: controller.signal, stallMs, room: () => Promise.resolve(room) },
    progress: (bytes) => stop > 0 && bytes >= stop && controller.abort(),
  }).then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'id' in error ? String(error.id) : String(error)),
  )
  const left = Object.fromEntries(
    readdirSync(path.dirname(to)).map((name) => [name, readFileSync(path.join(path.dirname(to), name))]),
  )
  return { ended, left, asked }
}

describe('a download', () => {
  it('is there once it is what was signed', async () => {
    const { ended, left } = await fetched(installer)
    expect([ended, Object.keys(left)]).toEqual(['ok', ['Regie-0.8.0.exe']])
    expect(left['Regie-0.8.0.exe']?.equals(installer)).toBe(true)
  })

  it.each([
    ['of other bytes', Buffer.alloc(installer.length, 1)],
    ['that is longer than was told', Buffer.concat([installer, Buffer.from('!')])],
  ])('%s is deleted', async (_, bytes) => {
    expect(await fetched(bytes)).toMatchObject({ ended: 'release.wrong-file', left: {} })
  })

  it('without an end is read no further than was told', async () => {
    const { ended, left } = await fetched((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    })
    expect([ended, left]).toEqual(['release.wrong-file', {}])
  })

  it.each([
    ['that ends too soon', installer.subarray(0, 1000)],
    [
      'that is cut',
      (_: unknown, response: Parameters<RequestListener>[1]) =>
        void response
          .writeHead(200, { 'content-length': installer.length })
          .write(installer.subarray(0, 1000), () => response.destroy()),
    ],
    [
      'that hangs',
      (_: unknown, response: Parameters<RequestListener>[1]) => void response.write(installer.subarray(0, 1000)),
    ],
    ['that never begins', () => undefined],
    ['that is gone', (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(404).end()],
  ])('%s is told, and can go on', async (what, answer) => {
    const stallMs = /hangs|never/.test(what) ? 300 : 15_000
    const { ended, left } = await fetched(answer, { stallMs })
    expect(ended).toBe('release.cut')
    expect(Object.keys(left)).not.toContain('Regie-0.8.0.exe')
  })

  it.each(['https://evil.example/Regie.exe', 'http://127.0.0.1:9/Regie.exe'])(
    'is not followed to %s',
    async (location) => {
      expect(await fetched((_, response) => response.writeHead(302, { location }).end())).toMatchObject({
        ended: 'release.refused',
        left: {},
      })
    },
  )

  it('goes on where it was cut', async () => {
    let range: string | undefined
    const { ended, left } = await fetched(
      (request, response) => {
        range = request.headers.range
        const from = 1000
        const headers = { 'content-range': `bytes ${from}-${installer.length - 1}/${installer.length}` }
        response.writeHead(206, headers).end(installer.subarray(from))
      },
      { had: installer.subarray(0, 1000) },
    )
    expect([ended, range, left['Regie-0.8.0.exe']?.equals(installer)]).toEqual(['ok', 'bytes=1000-', true])
  })

  it('begins again where the server cannot go on, and where what was there is something else', async () => {
    const anew = await fetched(installer, { had: installer.subarray(0, 1000) })
    expect([anew.ended, anew.left['Regie-0.8.0.exe']?.equals(installer)]).toEqual(['ok', true])
    const other = await fetched(
      (_, response) => {
        const headers = { 'content-range': `bytes 1000-${installer.length - 1}/${installer.length}` }
        response.writeHead(206, headers).end(installer.subarray(1000))
      },
      { had: Buffer.alloc(1000) },
    )
    expect([other.ended, other.left]).toEqual(['release.wrong-file', {}])
  })

  it('that answers another part than was asked for is told', async () => {
    const headers = { 'content-range': `bytes 0-999/${installer.length}` }
    const answer: RequestListener = (_, response) =>
      void response.writeHead(206, headers).end(installer.subarray(0, 1000))
    expect(await fetched(answer, { had: installer.subarray(0, 500) })).toMatchObject({ ended: 'release.cut' })
  })

  it('is not begun on a disk without room for it', async () => {
    expect(await fetched(installer, { room: installer.length - 1 })).toEqual({
      ended: 'release.no-room',
      left: {},
      asked: [],
    })
  })

  it('that somebody stops keeps what is there', async () => {
    const { ended, left } = await fetched((_, response) => void response.write(installer.subarray(0, 100_000)), {
      stop: 1,
    })
    expect(ended).toContain('Abort')
    expect(Object.keys(left)).toEqual(['Regie-0.8.0.exe.part'])
  })
})

/** A signed version that was looked for and fetched. */
async function ready(more: Partial<Parameters<typeof openTestReleases>[0]> = {}) {
  const served = await signedFeed()
  const opened = await openTestReleases({ feed: served.feed, key: served.publicKey, ...more })
  await opened.releases.look()
  if (!more.automatic) opened.releases.download()
  await until('it to be there', () => opened.releases.read().offer?.step === 'ready')
  return { ...served, ...opened, step: () => opened.releases.read().offer?.step }
}

describe('a new version', () => {
  it('is fetched and installed on a person’s word, step by step', async () => {
    const { feed, publicKey } = await signedFeed()
    const { releases, audited, taken, folder } = await openTestReleases({ feed, key: publicKey })
    await releases.look()
    expect(releases.read()).toMatchObject({
      installs: 'restart',
      offer: { version: '0.8.0', step: 'offered', size: 300_000 },
    })
    await expect(releases.install('admin')).rejects.toMatchObject({ id: 'release.not-ready' })
    expect(releases.download().offer?.step).toBe('downloading')
    await until('it to be there', () => releases.read().offer?.step === 'ready')
    expect(taken).toEqual([])
    await releases.install('admin')
    expect(taken).toEqual([{ version: '0.8.0', file: path.join(folder, 'releases', 'Regie-0.8.0.exe') }])
    expect(audited).toEqual(['admin release.install 0.8.0'])
    expect(releases.read().offer?.step).toBe('installing')
  })

  it.each(['job', 'rotation', 'update', 'deployment', 'operation'] as const)(
    'waits for the end of each %s',
    async (what) => {
      const { releases, underWay, taken } = await ready()
      underWay.push(what)
      await expect(releases.install('admin')).rejects.toMatchObject({ id: 'release.busy' })
      expect(await releases.atQuit()).toBeNull()
      expect(releases.read()).toMatchObject({ waitsFor: [what], offer: { step: 'ready' } })
      expect(taken).toEqual([])
      underWay.pop()
      await releases.install('admin')
      expect(taken).toHaveLength(1)
    },
  )

  it('whose file was changed after it was fetched is deleted and not installed', async () => {
    const { releases, folder, taken, step } = await ready()
    const lies = path.join(folder, 'releases', 'Regie-0.8.0.exe')
    writeFileSync(lies, Buffer.alloc(installer.length))
    await expect(releases.install('admin')).rejects.toMatchObject({ id: 'release.wrong-file' })
    expect([taken, existsSync(lies), step()]).toEqual([[], false, 'offered'])
    expect(releases.read().offer?.failed?.problem).toBe('release.wrong-file')
  })

  it('that could not be begun is told, and the version that runs stays', async () => {
    const { releases, world, step } = await ready()
    world.fails = true
    await expect(releases.install('admin')).rejects.toMatchObject({ id: 'release.failed' })
    expect([step(), releases.read().offer?.failed?.problem]).toEqual(['ready', 'release.failed'])
  })

  it('that a person installs is opened for them, whatever is under way', async () => {
    const { releases, underWay, taken, step } = await ready({ how: 'open' })
    underWay.push('job')
    await releases.install('admin')
    expect([taken.length, step(), await releases.atQuit()]).toEqual([1, 'ready', null])
  })

  it('without a signature, or for a build without a key, can be told and not fetched', async () => {
    const unsigned = await signedFeed()
    delete unsigned.files['latest.yml.sig']
    for (const key of [unsigned.publicKey, null]) {
      const { releases } = await openTestReleases({ feed: unsigned.feed, key, automatic: true })
      await releases.look()
      expect(releases.read()).toMatchObject({
        offer: { step: 'told', size: null },
        installs: key ? 'restart' : 'never',
      })
      expect(() => releases.download()).toThrow(expect.objectContaining({ id: 'release.nothing-offered' }))
      await expect(releases.install('admin')).rejects.toMatchObject({ id: 'release.not-ready' })
    }
    expect(unsigned.asked).not.toContain(file)
  })

  it('is stopped and gone on with', async () => {
    const served = await signedFeed()
    const whole = served.files[file]
    served.files[file] = (_, response) => void response.write(installer.subarray(0, 1000))
    const { releases } = await openTestReleases({ feed: served.feed, key: served.publicKey })
    await releases.look()
    releases.download()
    await until('some of it', () => (releases.read().offer?.received ?? 0) > 0)
    releases.cancel()
    await until('it to stop', () => releases.read().offer?.step === 'offered')
    expect(releases.read().offer?.failed).toBeNull()
    if (whole) served.files[file] = whole
    releases.download()
    await until('it to be there', () => releases.read().offer?.step === 'ready')
  })

  it('is let go of when the feed takes it back, and replaced by a newer one', async () => {
    const { releases, files, privateKey, folder } = await ready()
    const stopped = describeRelease('0.8.0', { more: 'stagingPercentage: 0\n' })
    Object.assign(files, { 'latest.yml': stopped, 'latest.yml.sig': signatureOf(stopped, privateKey) })
    await releases.look()
    expect([releases.read().offer, readdirSync(path.join(folder, 'releases'))]).toEqual([null, []])
    const newer = describeRelease('0.8.1')
    Object.assign(files, { 'latest.yml': newer, 'latest.yml.sig': signatureOf(newer, privateKey) })
    await releases.look()
    expect(releases.read().offer).toMatchObject({ version: '0.8.1', step: 'offered' })
  })

  it('that is there stays, whatever lie the feed tells then', async () => {
    const { releases, files, step } = await ready()
    files['latest.yml'] = '<html>'
    await releases.look()
    expect([step(), releases.read().refused?.params['detail']]).toEqual(['ready', 'signature'])
  })

  it('that did not come to run is told at the next start, and not tried again by itself', async () => {
    const { releases, folder, feed, publicKey } = await ready()
    await releases.install('admin')
    const next = await openTestReleases({ feed, key: publicKey, folder, automatic: true })
    expect(next.releases.notices()).toMatchObject([{ problem: 'release.not-installed', params: { version: '0.8.0' } }])
    await next.releases.look()
    expect(await next.releases.atQuit()).toBeNull()
    const updated = await openTestReleases({ feed, key: publicKey, folder, current: '0.8.0' })
    expect(updated.releases.notices()).toEqual([])
  })
})

describe('by itself', () => {
  it('nothing is fetched or installed until that is chosen', async () => {
    const { releases, clock, taken } = await ready()
    clock.moveTo(3_600_000)
    expect([await releases.atQuit(), taken]).toEqual([null, []])
  })

  it('a version is fetched, and installed once nothing has been under way for ten minutes with nobody there', async () => {
    const { clock, underWay, world, taken, step } = await ready({ automatic: true })
    const minutes = async (count: number) => {
      for (let each = 0; each < count; each++) {
        const next = clock.next()
        clock.moveTo(Math.min(next, clock.now() + 60_000))
        await new Promise(setImmediate)
      }
    }
    world.isShown = true
    await minutes(30)
    world.isShown = false
    underWay.push('rotation')
    await minutes(30)
    expect(step()).toBe('ready')
    underWay.pop()
    await minutes(9)
    expect(taken).toEqual([])
    await minutes(4)
    await until('it to be installed', () => taken.length > 0)
  })

  it('a version is installed when Regie ends', async () => {
    const { releases, audited } = await ready({ automatic: true })
    expect(await releases.atQuit()).toMatchObject({ version: '0.8.0' })
    expect(audited).toEqual(['regie release.install 0.8.0'])
  })
})

describe('what is set', () => {
  it('is where the feed is, written down first', async () => {
    const { feed, publicKey } = await signedFeed()
    const { releases, audited, kept } = await openTestReleases({ feed: null, key: publicKey })
    await releases.change({ feed: ` ${feed} `, channel: 'beta', automatic: true }, 'ada')
    expect(kept()).toEqual({ feed, channel: 'beta', automatic: true })
    expect(audited).toEqual(['ada release.settings-changed '])
    expect((await releases.change({ feed: '' }, 'ada')).feed).toBeNull()
  })

  it.each(['http://feed.example', 'feed', 'https://a:b@feed.example/', 'https://feed.example/?x', 'file:///etc'])(
    'is no feed at %s',
    async (feed) => {
      const { releases, kept, audited } = await openTestReleases({ feed: null })
      await expect(releases.change({ feed }, 'ada')).rejects.toMatchObject({ id: 'release.feed-invalid' })
      expect([kept(), audited]).toEqual([{ feed: null, channel: 'latest', automatic: false }, []])
    },
  )

  it('is what the environment says, which nobody changes here', async () => {
    const environment = { REGIE_UPDATE_FEED: 'https://feed.example/r', REGIE_UPDATE_CHANNEL: 'beta' }
    const { releases } = await openTestReleases({ feed: 'https://other.example/', environment })
    expect(releases.read()).toMatchObject({
      feed: 'https://feed.example/r',
      channel: 'beta',
      fixed: ['feed', 'channel'],
    })
    await expect(releases.change({ feed: 'https://other.example/' }, 'ada')).rejects.toMatchObject({
      id: 'release.fixed',
    })
    await expect(releases.change({ channel: 'latest' }, 'ada')).rejects.toMatchObject({ id: 'release.fixed' })
    expect(await releases.change({ automatic: true }, 'ada')).toMatchObject({ automatic: true })
  })

  it('ends a download from the feed before', async () => {
    const served = await signedFeed()
    served.files[file] = (_, response) => void response.write(installer.subarray(0, 1000))
    const { releases } = await openTestReleases({ feed: served.feed, key: served.publicKey })
    await releases.look()
    releases.download()
    expect((await releases.change({ feed: null }, 'ada')).offer).toBeNull()
  })
})
