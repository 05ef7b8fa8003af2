import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sessionsOf } from '../../../electron/kinds'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { fingerprint } from '../../../electron/vault/fingerprint'
import type { Rotation } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { everythingIn, openTestVault, problemOf } from '../vault/support'

const shape = /^[A-Za-z0-9_-]{43}=,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/
const sessions = sessionsOf('comfyui')
const never = () => new AbortController().signal

/** A simulated ComfyUI whose credential has both files of ComfyUI-Login as sinks, or only the first. */
async function withSessions({ endsSessions = true, key }: { endsSessions?: boolean; key?: string } = {}) {
  const folder = await temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const user = { id: 'comfy', kind: 'comfyui', runtime: 'process', url, running: true } as const
  const opened = await openTestVault(folder.path, { users: [user] })
  const { stack, vault, credentials } = opened
  const file = path.join(stack, 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt')
  await mkdir(path.dirname(file), { recursive: true })
  await mkdir(path.join(stack, 'login'))
  if (key !== undefined) await writeFile(file, key)
  const sinks = [
    { type: 'comfyui-login' as const, path: path.join(stack, 'login', 'PASSWORD') },
    ...(endsSessions ? [{ type: 'session-key' as const, path: file }] : []),
  ]
  const made = await credentials.create({ id: 'cred', scheme: 'comfyui-login', sinks }, 'ann')
  let simulator = await startComfyuiSimulator({ folder: stack, port })
  const restart = async () => {
    await simulator.close()
    simulator = await startComfyuiSimulator({ folder: stack, port })
  }
  const control = { restart }
  const rotations = await opened.rotationsWith({ restart: () => control.restart() }, 3000)
  const signIn = async () => {
    const found = await credentials.withSecret('cred', (secret) => sessions.open(url, secret, never()))
    if (!('cookie' in found)) throw new Error(`no session: ${found.status}`)
    return found.cookie
  }
  return {
    ...opened,
    user,
    file,
    made,
    rotations,
    control,
    restart,
    signIn,
    keyInFile: async () => (await readFile(file, 'utf8')).split(',')[0] ?? '',
    statusOf: async (cookie: string) => (await sessions.ask(url, cookie, never())).status,
    sinkId: made.sinks.find(({ type }) => type === 'session-key')?.id ?? '',
    async [Symbol.asyncDispose]() {
      await rotations.close()
      await vault.close()
      await simulator.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const proveLines = ({ steps }: Rotation) =>
  steps.filter(({ id }) => id === 'prove').flatMap(({ lines }) => lines.map(({ line }) => line))

describe('the session key of ComfyUI-Login', () => {
  it('is made anew by each rotation, which shows an old browser session dead', async () => {
    await using live = await withSessions()
    const before = await live.keyInFile()
    const mine = await live.signIn()
    expect(await live.statusOf(mine)).toBe(200)

    const rotation = await live.rotations.rotate({ id: 'cred', who: 'ann' })

    expect(rotation.state).toBe('committed')
    const row = rotation.proof.find(({ purpose }) => purpose === 'session')
    expect([row?.none, row?.wrong, row?.old, row?.fresh].map((cell) => [cell?.got, cell?.state])).toEqual([
      ...[401, 401, 401].map((got) => [got, 'pass']),
      [200, 'pass'],
    ])
    expect(proveLines(rotation)).toContain('prove.sessions-ended')
    expect((await live.credentials.get('cred')).lastProof?.sessions).toEqual([{ serviceId: 'comfy', fate: 'ended' }])
    expect(await readFile(live.file, 'utf8')).toMatch(shape)
    const after = await live.keyInFile()
    expect(after).not.toBe(before)
    expect(await live.credentials.get('cred')).toMatchObject({
      state: 'in-sync',
      fingerprints: { sessionKey: fingerprint(after) },
    })
    expect(await live.statusOf(mine)).toBe(401)
    expect(await live.statusOf(await live.signIn())).toBe(200)
  })

  it('is left alone where nobody asked for it: sessions go on, and no row says otherwise', async () => {
    await using live = await withSessions({ endsSessions: false })
    const mine = await live.signIn()

    const rotation = await live.rotations.rotate({ id: 'cred', who: 'ann' })

    expect(rotation.proof.some(({ purpose }) => purpose === 'session')).toBe(false)
    expect(proveLines(rotation)).toContain('prove.sessions-stay')
    expect((await live.credentials.get('cred')).lastProof?.sessions).toEqual([{ serviceId: 'comfy', fate: 'stay' }])
    expect(await live.statusOf(mine)).toBe(200)
    expect((await live.credentials.get('cred')).fingerprints.sessionKey).toBeUndefined()
  })

  it('fails the rotation when an old session lives on, and then the old key is back', async () => {
    await using live = await withSessions()
    const before = await live.keyInFile()
    let restarts = 0
    live.control.restart = async () => {
      // Another program keeps the key that the service starts with.
      if (restarts++ === 0) await writeFile(live.file, `${before},${new Date().toISOString().replace('Z', '000')}`)
      await live.restart()
    }

    const problem = await problemOf(live.rotations.rotate({ id: 'cred', who: 'ann' }))

    expect(problem.id).toBe('rotation.rolled-back')
    expect(live.rotations.last('cred')?.reason?.problem).toBe('proof.session-alive')
    expect(await live.keyInFile()).toBe(before)
  })

  it('takes the key that stands in the file, so that naming the file ends nobody’s session', async () => {
    const key = `${'k'.repeat(43)}=`
    await using live = await withSessions({ key: `${key},2099-01-01T00:00:00.000000` })

    expect(live.made.fingerprints.sessionKey).toBe(fingerprint(key))
    await live.credentials.update({ id: 'cred', sinks: [] }, 'ann')
    expect((await live.credentials.get('cred')).fingerprints.sessionKey).toBeUndefined()
    expect(await live.keyInFile()).toBe(key)
  })

  it('shows one that ComfyUI-Login made itself, to be adopted, and a file that would leave the server open', async () => {
    await using live = await withSessions()
    const place = async () =>
      (await live.credentials.drift('cred')).places.find(({ kind, field }) => kind === 'sink' && field === 'sessionKey')
    const own = `${'o'.repeat(43)}=`
    await writeFile(live.file, `${own},${new Date().toISOString().replace('Z', '000')}`)
    expect(await place()).toMatchObject({ state: 'drifted', reason: { problem: 'sink.session-key-other' } })

    await live.credentials.adopt({ id: 'cred', sinkId: live.sinkId, who: 'ann' })
    expect((await live.credentials.get('cred')).fingerprints.sessionKey).toBe(fingerprint(own))
    expect((await live.credentials.verify('cred', { who: 'ann' })).outcome).toBe('proven')

    for (const broken of [
      'no comma',
      `${own},2026-01-01T00:00:00Z`,
      `${own},2026-01-01T00:00:00\n`,
      'short,2026-01-01',
    ]) {
      await writeFile(live.file, broken)
      expect(await place()).toMatchObject({ state: 'unreadable', reason: { problem: 'sink.session-key-broken' } })
    }
    await live.credentials.sync('cred', { who: 'ann', sinkId: live.sinkId })
    expect(await live.keyInFile()).toBe(own)
    await rm(live.file)
    expect((await place())?.state).toBe('missing')
  })

  it('is shown to nobody, and stands nowhere but in its file', async () => {
    await using live = await withSessions()
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    const key = await live.keyInFile()

    const shown = JSON.stringify([
      await live.credentials.reveal('cred', 'ann'),
      await live.credentials.drift('cred'),
      live.events,
    ])

    expect(shown + (await everythingIn(live.paths.root))).not.toContain(key)
    expect(live.redactor.redact(`key ${key}`)).not.toContain(key)
  })

  it.each([
    ['another scheme', { id: 'x', scheme: 'basic' as const, sinks: [{ type: 'session-key' as const }] }],
    [
      'another part of the secret',
      { id: 'x', scheme: 'comfyui-login' as const, sinks: [{ type: 'session-key' as const, field: 'token' as const }] },
    ],
  ])('is refused as a sink for %s', async (_, { sinks, ...input }) => {
    await using folder = await temporaryFolder()
    const { vault, credentials, stack } = await openTestVault(folder.path)
    const at = path.join(stack, '.secret-key.txt')
    const problem = await problemOf(
      credentials.create({ ...input, sinks: sinks.map((sink) => ({ ...sink, path: at })) }, 'ann'),
    )
    expect(problem).toBeInstanceOf(Problem)
    expect(problem.id).toBe('sink.wrong-scheme')
    await vault.close()
  })
})
