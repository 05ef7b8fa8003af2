import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { About, MadeKey, Releases } from '../../../shared/contract'
import { dataPaths } from '../../../electron/storage/paths'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { signedFeed } from '../../support/releases'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const Refusal = z.object({ data: z.object({ problem: z.string() }) })
const refusalOf = ({ status, body }: { status: number; body: unknown }) =>
  `${status} ${Refusal.safeParse(body).data?.data.problem ?? ''}`
const call = async (method: string, to: string, body?: unknown) =>
  Releases.parse((await running.rest(method, to, body)).body)

test('a panel without a window asks nobody until a feed is set, then tells, and installs nothing', async () => {
  expect(await call('GET', 'releases')).toMatchObject({ feed: null, installs: 'never', offer: null, fixed: [] })
  expect(refusalOf(await running.rest('POST', 'releases/look'))).toBe('409 release.no-feed')
  expect(refusalOf(await running.rest('PATCH', 'releases', { feed: 'http://feed.example/' }))).toBe(
    '422 release.feed-invalid',
  )
  const { feed, files, asked } = await signedFeed('99.0.0')
  for (const name of ['latest-linux.yml', 'latest-mac.yml', 'latest-linux-arm64.yml'])
    files[name] = files['latest.yml'] ?? ''
  await call('PATCH', 'releases', { feed, automatic: true })
  expect(await call('POST', 'releases/look')).toMatchObject({
    never: { problem: 'release.not-here' },
    offer: { version: '99.0.0', step: 'told' },
  })
  expect(refusalOf(await running.rest('POST', 'releases/download'))).toBe('409 release.nothing-offered')
  expect(refusalOf(await running.rest('POST', 'releases/install'))).toBe('409 release.not-ready')
  expect(asked.filter((name) => !name.endsWith('.yml'))).toEqual([])
  const { notices } = About.parse((await running.rest('GET', 'about')).body)
  expect(notices.find(({ problem }) => problem === 'release.available')?.params['address']).toBe(feed)
  expect(await readFile(dataPaths(running.dataFolder).audit, 'utf8')).toContain('release.settings-changed')
})

test('users and strangers are told nothing and change nothing', async () => {
  await running.rest('POST', 'users', { id: 'eve', name: 'Eve', role: 'user' })
  const { key } = MadeKey.parse((await running.rest('POST', 'keys', { userId: 'eve', name: 'k', services: null })).body)
  const asked = [
    ['GET', 'releases'],
    ['PATCH', 'releases'],
    ['POST', 'releases/look'],
    ['POST', 'releases/download'],
    ['POST', 'releases/cancel'],
    ['POST', 'releases/install'],
  ] as const
  for (const [headers, status] of [
    [{ authorization: `Bearer ${key}` }, 403],
    [{}, 401],
  ] as const)
    for (const [method, to] of asked) {
      const init = { method, headers: { ...headers, 'content-type': 'application/json' } }
      const answer = await fetch(new URL(`api/v1/${to}`, running.url), {
        ...init,
        ...(method !== 'GET' && { body: '{}' }),
      })
      expect(`${to} ${answer.status}`).toBe(`${to} ${status}`)
    }
})
