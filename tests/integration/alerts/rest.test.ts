import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { AlertChannel, Alerts, Attention, AttentionSnooze, MadeKey } from '../../../shared/contract'
import { dataPaths } from '../../../electron/storage/paths'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { httpServer } from '../../support/alerts'
import { until } from '../../support/until'

const secret = 'the-secret-of-this-hook'
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
const now = async () => Alerts.parse((await running.rest('GET', 'alerts')).body)

test('a service that is down is told through a channel, and its secret stands in the vault alone', async () => {
  await using hook = await httpServer()
  const target = { kind: 'webhook', url: hook.url }
  const made = await running.rest('POST', 'alerts/channels', { name: 'Hook', target, secret })
  expect(made.status).toBe(201)
  const { id, credentialId } = AlertChannel.parse(made.body)
  await running.rest('PATCH', 'alerts/rules/service-down', { forSec: 0 })
  const external = { id: 'away', kind: 'forge', runtime: 'external', url: 'http://127.0.0.1:9' }
  await running.rest('POST', 'services', external)
  await until('the message', () => hook.taken.length > 0)
  expect(hook.taken[0]?.headers['regie-signature']).toMatch(/^v1=[0-9a-f]{64}$/)
  expect(hook.taken[0]?.body).not.toContain('127.0.0.1')
  await until('the note of it', async () => (await now()).firing[0]?.deliveries.some(({ state }) => state === 'sent'))
  const paths = dataPaths(running.dataFolder)
  const kept = [paths.alerts, paths.alertsState, paths.audit, paths.log].map((file) => readFile(file, 'utf8'))
  expect(JSON.stringify(await now()) + (await Promise.all(kept)).join('')).not.toContain(secret)
  expect(refusalOf(await running.rest('POST', `credentials/${credentialId ?? ''}/rotate`, {}))).toBe(
    '409 alerts.credential-used',
  )
  expect((await running.rest('POST', `alerts/channels/${id}/test`)).status).toBe(200)
  expect((await running.rest('DELETE', `alerts/channels/${id}`)).status).toBe(200)
  expect(refusalOf(await running.rest('GET', `credentials/${credentialId ?? ''}`))).toBe('404 credential.not-found')
  const actions = (await readFile(paths.audit, 'utf8')).match(/alerts\.[a-z-]+/g)
  expect(actions).toEqual(['alerts.channel-added', 'alerts.rule-changed', 'alerts.channel-removed'])
})

test('what needs attention is put aside for everybody, audited, kept, and taken up again', async () => {
  const attention = async () => Attention.parse((await running.rest('GET', 'attention')).body)
  const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id)
  const about = 'service away'
  await until('it to need attention', async () => ids((await attention()).items).includes(about))
  const made = await running.rest('POST', 'attention/snoozes', { about, length: 'tomorrow' })
  expect(made.status).toBe(201)
  const { id, until: end } = AttentionSnooze.parse(made.body)
  expect(end).toBeGreaterThan(Date.now())
  const now = await attention()
  expect(ids(now.items)).not.toContain(about)
  expect(now.snoozed).toMatchObject([{ id: about, snooze: { id } }])
  expect(now.services).toBeNull()
  const paths = dataPaths(running.dataFolder)
  expect(JSON.parse(await readFile(paths.attention, 'utf8'))).toMatchObject({ snoozes: [{ about }] })
  expect(refusalOf(await running.rest('POST', 'attention/snoozes', { about, length: 'hour' }))).toBe(
    '404 attention.not-found',
  )
  expect((await running.rest('DELETE', `attention/snoozes/${id}`)).status).toBe(200)
  expect(refusalOf(await running.rest('DELETE', `attention/snoozes/${id}`))).toBe('404 attention.not-found')
  expect(ids((await attention()).items)).toContain(about)
  expect((await readFile(paths.audit, 'utf8')).match(/attention\.[a-z-]+/g)).toEqual([
    'attention.snoozed',
    'attention.taken-up',
  ])
})

test('users and strangers are told nothing and change nothing', async () => {
  await running.rest('POST', 'users', { id: 'eve', name: 'Eve', role: 'user' })
  const { key } = MadeKey.parse((await running.rest('POST', 'keys', { userId: 'eve', name: 'k', services: null })).body)
  const asked = [
    ['GET', 'alerts'],
    ['POST', 'alerts/mutes'],
    ['POST', 'alerts/channels'],
    ['PATCH', 'alerts/heartbeat'],
    ['GET', 'attention'],
    ['GET', 'attention/resolved'],
    ['POST', 'attention/snoozes'],
    ['DELETE', 'attention/snoozes/x'],
  ] as const
  for (const [headers, status] of [
    [{ authorization: `Bearer ${key}` }, 403],
    [{}, 401],
  ] as const)
    for (const [method, path] of asked) {
      const answer = await fetch(new URL(`api/v1/${path}`, running.url), {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        ...(method !== 'GET' && { body: '{}' }),
      })
      expect(`${path} ${answer.status}`).toBe(`${path} ${status}`)
    }
  expect(adminToken).not.toBe(key)
})

test('what makes no sense is refused, and nothing changes', async () => {
  const before = JSON.stringify((await now()).rules)
  const refused = async (method: string, path: string, body: object) =>
    refusalOf(await running.rest(method, path, body))
  expect(await refused('PATCH', 'alerts/rules/gpu-hot', { limit: { begins: 80, ends: 90 } })).toBe('400 input.invalid')
  expect(await refused('PATCH', 'alerts/rules/drift', { limit: { begins: 1, ends: 1 } })).toBe('400 input.invalid')
  expect(await refused('PATCH', 'alerts/rules/nothing', { on: false })).toBe('404 alerts.not-found')
  expect(await refused('PATCH', 'alerts/rules/drift', { channels: ['none'] })).toBe('404 alerts.not-found')
  expect(await refused('POST', 'alerts/channels', { name: 'D', target: { kind: 'discord' } })).toBe(
    '422 alerts.secret-needed',
  )
  expect(await refused('POST', 'alerts/channels', { name: 'D', target: { kind: 'desktop' } })).toBe(
    '409 alerts.no-desktop',
  )
  expect(JSON.stringify((await now()).rules)).toBe(before)
})
