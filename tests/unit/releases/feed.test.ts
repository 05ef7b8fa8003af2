import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../../electron/releases/description'
import { descriptionAt, offeredBy } from '../../../electron/releases/feed'
import type { ReleaseChannel } from '../../../shared/contract'
import { feedThat, openTestReleases, windows } from '../../support/releases'

const described = (version: string, more = '') =>
  `version: ${version}\nfiles:\n  - url: Regie.AppImage\n    sha512: ${'A'.repeat(86)}==\n    size: 1\n${more}`

const says = (text: string) => feedThat((_, response) => response.end(text))
const ask = async (
  feed: string,
  { channel = 'latest', place = 50 }: { channel?: ReleaseChannel; place?: number } = {},
) => {
  const asking = { feed, channel, place, current: '0.7.0', target: windows, key: null, newest: null }
  const offer = await offeredBy({ ...asking, signal: AbortSignal.timeout(15_000) })
  return offer?.version ?? null
}

describe('a feed', () => {
  it('tells of a newer version, by its channel and to as many as it says', async () => {
    const asked: (string | undefined)[] = []
    const beta = await feedThat(({ url }, response) => {
      asked.push(url)
      response.end(described('0.8.0-beta.2'))
    })

    expect(await ask(beta, { channel: 'beta' })).toBe('0.8.0-beta.2')
    expect(asked).toEqual(['/regie/beta.yml'])
    const staged = await says(described('0.8.0', 'stagingPercentage: 20\n'))
    expect([await ask(staged, { place: 19 }), await ask(staged, { place: 20 })]).toEqual(['0.8.0', null])
  })

  it.each(['0.7.0', '0.6.9', '0.7.0-beta.9'])('that offers %s in place of 0.7.0 leads nobody back', async (version) => {
    expect(await ask(await says(described(version)), { channel: 'beta' })).toBeNull()
  })

  it.each([
    ['a page', '<!doctype html><html><body>Sign in</body></html>', 'unreadable'],
    ['a description that was cut', described('0.8.0').slice(0, 60), 'unreadable'],
    ['no length', described('0.8.0').replace('size: 1', 'size: 0'), 'unreadable'],
    ['no SHA-512', described('0.8.0').replace('A'.repeat(86), 'abc'), 'unreadable'],
    ['a version that is a text', described('"0.8.0 <b>now</b>"'), 'unreadable'],
    ['aliases that grow', `a: &a [x, x]\nversion: *a\n`, 'unreadable'],
    ['another channel’s version', described('0.8.0-beta.1'), 'channel'],
  ])('that answers %s is refused', async (_, text, why) => {
    await expect(ask(await says(text))).rejects.toMatchObject({ why })
  })

  it.each(['https://evil.example/latest.yml', 'http://127.0.0.1:9/latest.yml'])(
    'is not followed to %s',
    async (location) => {
      const feed = await feedThat((_, response) => response.writeHead(302, { location }).end())
      await expect(ask(feed)).rejects.toMatchObject({ why: 'redirect' })
    },
  )

  it('without an end is read no further than its limit', async () => {
    const feed = await feedThat((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('#'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    await expect(ask(feed)).rejects.toMatchObject({ why: 'too-long' })
  })

  it('that ends before its length is not had', async () => {
    const feed = await feedThat((_, response) => {
      response.writeHead(200, { 'content-length': 4096 })
      response.write(described('0.8.0'), () => response.destroy())
    })
    await expect(ask(feed)).rejects.toMatchObject({ why: 'unreachable' })
  })

  it('is asked for what electron-builder calls the system and its processor', () => {
    const at = (platform: NodeJS.Platform, arch: string) =>
      descriptionAt('https://feed.example/r', 'beta', { platform, arch }).href
    expect([at('win32', 'x64'), at('darwin', 'arm64'), at('linux', 'x64'), at('linux', 'arm64')]).toEqual(
      ['beta.yml', 'beta-mac.yml', 'beta-linux.yml', 'beta-linux-arm64.yml'].map(
        (name) => `https://feed.example/r/${name}`,
      ),
    )
  })

  it.each([
    'http://feed.example/',
    'ftp://feed.example/',
    'https://a:b@feed.example/',
    'feed',
    'http://127.0.0.1.feed.example/',
  ])('is not asked at %s', (feed) => {
    expect(() => descriptionAt(feed, 'latest', windows)).toThrow(expect.objectContaining({ why: 'address' }))
  })
})

describe('a newer version', () => {
  it('is told once with where it is, and a feed that lies in its place', async () => {
    const answers = [described('0.8.0'), described('0.8.0'), '<html>']
    const feed = await feedThat((_, response) => response.end(answers.shift()))
    const { releases, heard } = await openTestReleases({ feed })

    await releases.look()
    await releases.look()
    expect(releases.notices()).toMatchObject([
      { problem: 'release.available', params: { version: '0.8.0', address: feed } },
    ])
    expect(heard).toEqual(['notices'])
    await releases.look()
    expect(releases.notices()).toMatchObject([{ problem: 'release.refused', params: { detail: 'unreadable' } }])
  })

  it('is looked for nowhere until a feed is set', async () => {
    const { releases } = await openTestReleases({ feed: null })
    releases.begin()
    await releases.look()
    expect(releases.notices()).toEqual([])
  })

  it('stands after those that came before it', () => {
    const sorted = [
      '1.0.0-alpha.2',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.10',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.10.0',
    ]
    expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted)
  })
})
