import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { rotationLines } from '../../../electron/rotation/lines'
import type { Rotation, RotationStep } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { everythingIn, openTestVault, problemOf, type User } from '../vault/support'

type Kind = User['kind']

/** A live simulated service with its credential in the vault, both sinks in place, and a hand on its restart. */
async function liveService(kind: Kind, options: { runtime?: User['runtime']; patienceMs?: number } = {}) {
  const folder = await temporaryFolder()
  const port = await freePort()
  const user: User = {
    id: `${kind}-test`,
    kind,
    runtime: options.runtime ?? 'process',
    url: `http://127.0.0.1:${port}`,
    running: true,
  }
  const users = [user]
  const opened = await openTestVault(folder.path, { users })
  const { stack, credentials } = opened
  const at = (name: string) => path.join(stack, name)
  await mkdir(at('login'))
  const sinks =
    kind === 'comfyui'
      ? [
          { type: 'comfyui-login' as const, path: at('login/PASSWORD') },
          { type: 'env' as const, path: at('clients.env'), key: 'TOKEN', requires: 'nothing' as const },
        ]
      : [
          { type: 'env' as const, path: at('.env'), key: 'FORGE_USER', field: 'username' as const },
          { type: 'env' as const, path: at('.env'), key: 'FORGE_PASSWORD' },
        ]
  const scheme = kind === 'comfyui' ? ('comfyui-login' as const) : ('basic' as const)
  await credentials.create({ id: 'cred', scheme, sinks }, 'ann')
  const startup = () =>
    kind === 'comfyui'
      ? startComfyuiSimulator({ folder: stack, port })
      : startForgeSimulator({ folder: stack, port, behaviour: { apiRoutesDelayMs: 150 } })
  const state: { simulator: Awaited<ReturnType<typeof startup>> | null; restarts: number } = {
    simulator: await startup(),
    restarts: 0,
  }
  const stop = async () => {
    await state.simulator?.close()
    state.simulator = null
  }
  const restart = async () => {
    state.restarts += 1
    await stop()
    state.simulator = await startup()
  }
  const control: { restart: (serviceId: string) => Promise<void> } = { restart }
  const rotations = await opened.rotationsWith(
    {
      restart: (id, signal) => {
        signal.throwIfAborted()
        return control.restart(id)
      },
    },
    options.patienceMs ?? 3000,
  )
  const secret = () => credentials.reveal('cred', 'test')
  return {
    ...opened,
    user,
    users,
    at,
    state,
    stop,
    restart,
    control,
    rotations,
    secret,
    rotate: (more: Partial<Parameters<typeof rotations.rotate>[0]> = {}) =>
      rotations.rotate({ id: 'cred', who: 'ann', ...more }),
    /** What every sink holds, as the vault reads it. */
    drifted: async () => (await credentials.get('cred')).drifted,
    async [Symbol.asyncDispose]() {
      await rotations.close()
      await stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const stepsOf = ({ steps }: Rotation) => steps.map(({ id, state }) => `${id}: ${state}`)
const linesOf = ({ steps }: Rotation, step: RotationStep['id']) =>
  steps.find(({ id }) => id === step)?.lines.map(({ line }) => line) ?? []
const allDone = ['prepare: done', 'write: done', 'apply: done', 'prove: done', 'commit: done']

describe('a rotation on a live service', () => {
  it.each<[Kind, number]>([
    ['comfyui', 4],
    // The sixth is a browser session from before: Gradio forgets them all at its start.
    ['forge', 6],
  ])('gives %s a new secret and proves it on every protected surface', async (kind, surfaces) => {
    await using live = await liveService(kind)
    const before = await live.secret()

    const rotation = await live.rotate()

    const after = await live.secret()
    expect(rotation.state).toBe('committed')
    expect(stepsOf(rotation)).toEqual(allDone)
    expect(rotation.proof).toHaveLength(surfaces)
    expect(
      rotation.proof.flatMap(({ none, wrong, old, fresh }) => [none, wrong, old, fresh].map(({ state }) => state)),
    ).toEqual(Array.from({ length: 4 * surfaces }, () => 'pass'))
    expect(after.password).not.toBe(before.password)
    expect(live.state.restarts).toBe(1)
    expect(await live.credentials.get('cred')).toMatchObject({
      version: 2,
      state: 'in-sync',
      lastProof: { outcome: 'proven' },
      username: 'regie',
    })
    expect((await live.credentials.drift('cred')).places.at(-1)).toMatchObject({ kind: 'live', state: 'accepted' })
    expect((await live.credentials.verify('cred', { who: 'ann' })).outcome).toBe('proven')
  })

  it('takes a person’s own password', async () => {
    await using live = await liveService('forge')

    await live.rotate({ password: 'my own pass-word' })

    expect((await live.secret()).password).toBe('my own pass-word')
    expect(await readFile(live.at('.env'), 'utf8')).toBe("FORGE_USER='regie'\nFORGE_PASSWORD='my own pass-word'\n")
  })

  it('streams its steps to whoever watches, and ends with the rotation', async () => {
    await using live = await liveService('comfyui')
    const started = await live.rotate({ wait: false })

    const seen: Rotation[] = []
    for await (const rotation of live.rotations.watch('cred', new AbortController().signal)) seen.push(rotation)

    expect(started.state).toBe('running')
    expect(seen.at(-1)?.state).toBe('committed')
    expect(seen.some(({ steps }) => steps.some(({ state }) => state === 'running'))).toBe(true)
    expect(live.events.some((event) => event.type === 'rotation' && event.rotation.state === 'committed')).toBe(true)
    expect(live.events.some((event) => event.type === 'credential' && event.credential.state === 'rotating')).toBe(true)
    expect(live.rotations.last('cred')?.state).toBe('committed')
  })

  it('lends the secret that the service accepts at each moment', async () => {
    await using live = await liveService('comfyui')
    const old = await live.credentials.withSecret('cred', ({ token }) => token)
    const lent: (string | null)[] = []
    live.control.restart = async () => {
      await live.restart()
      lent.push(await live.credentials.withSecret('cred', ({ token }) => token))
    }

    await live.rotate()

    expect(lent).toEqual([(await live.secret()).token])
    expect(lent[0]).not.toBe(old)
  })

  it('answers the same operation id with the same rotation, also after a restart of the panel', async () => {
    await using live = await liveService('forge')
    const first = await live.rotate({ operationId: 'op-1' })
    const again = await live.rotate({ operationId: 'op-1' })
    const later = await live.rotationsWith()

    const afterRestart = await later.rotate({ id: 'cred', who: 'ann', operationId: 'op-1' })

    expect(again).toEqual(first)
    expect(afterRestart).toEqual(first)
    expect(live.state.restarts).toBe(1)
    expect(later.last('cred')?.id).toBe('op-1')
  })

  it('is the only one: a second one, and every change, is refused by name', async () => {
    await using live = await liveService('comfyui')
    const first = live.rotate({ operationId: 'first' })

    const refused = await Promise.all([
      problemOf(live.rotate()),
      problemOf(live.credentials.update({ id: 'cred', username: 'eve' }, 'ann')),
      problemOf(live.credentials.remove('cred', 'ann')),
      problemOf(live.credentials.sync('cred', { who: 'ann' })),
      problemOf(live.credentials.verify('cred', { who: 'ann' })),
    ])

    expect(refused.map(({ id }) => id)).toEqual(Array.from({ length: 5 }, () => 'rotation.running'))
    expect(refused[0].message).toContain('cred')
    expect((await first).state).toBe('committed')
  })

  it('leaves no secret in the audit log, the journal, the events or the vault’s other files', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    await live.rotate()
    const after = await live.secret()
    live.control.restart = () => Promise.reject(new Problem('service.busy', { id: 'x', operation: 'start' }))
    await problemOf(live.rotate({ password: 'never-to-be-seen' }))

    const written = (await everythingIn(live.paths.root)) + JSON.stringify(live.events)

    for (const text of [before.password, before.token, after.password, after.token, 'never-to-be-seen']) {
      expect(written).not.toContain(text)
    }
    expect((await live.credentials.history('cred', 50)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['rotation.started', 'rotation.committed', 'rotation.rolled-back']),
    )
  })
})

describe('a rotation that fails', () => {
  /** The old secret is in the vault, in every sink and on the live service; the failed one is nowhere. */
  async function expectAllOld(live: Awaited<ReturnType<typeof liveService>>, before: object) {
    expect(await live.secret()).toEqual(before)
    expect(await live.credentials.get('cred')).toMatchObject({ version: 1, drifted: 0 })
    expect((await live.credentials.verify('cred', { who: 'test' })).outcome).toBe('proven')
  }

  it('rolls back when the service keeps accepting the old secret', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    live.control.restart = () => Promise.resolve() // ComfyUI-Login reads its file at start only

    const problem = await problemOf(live.rotate())

    const rotation = live.rotations.last('cred')
    expect(problem.id).toBe('rotation.rolled-back')
    expect(problem.params['step']).toBe('prove')
    expect(rotation).toMatchObject({
      state: 'rolled-back',
      failedStep: 'prove',
      reason: { problem: 'proof.wrong-accepted' },
    })
    expect(stepsOf(rotation as Rotation)).toEqual([
      ...allDone.slice(0, 3),
      'prove: failed',
      'commit: waiting',
      'roll-back: done',
    ])
    expect(rotation?.proof.some(({ old }) => old.state === 'fail')).toBe(true)
    expect(linesOf(rotation as Rotation, 'roll-back')).toContain('roll-back.proven')
    await expectAllOld(live, before)
  })

  it('rolls back when the service lets everybody in, whatever it answers', async () => {
    await using live = await liveService('comfyui')
    live.control.restart = async () => {
      await live.stop()
      live.state.simulator = await startComfyuiSimulator({
        folder: live.stack,
        port: Number(new URL(live.user.url).port),
        withoutLogin: true,
      })
    }

    const problem = await problemOf(live.rotate())

    expect(problem.message).toContain('not protected')
    expect(live.rotations.last('cred')).toMatchObject({ failedStep: 'prove', reason: { problem: 'proof.open' } })
    expect((await live.credentials.drift('cred')).places.at(-1)).toMatchObject({
      state: 'open',
      reason: { problem: 'proof.open' },
    })
  })

  it('rolls back when the service refuses to restart, and restarts it with the old secret', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    let attempts = 0
    live.control.restart = async () => {
      attempts += 1
      await live.stop()
      if (attempts === 1) throw new Problem('backend.unreachable', { url: live.user.url })
      await live.restart()
    }

    const problem = await problemOf(live.rotate())

    expect(problem.params).toMatchObject({ step: 'apply' })
    expect(live.rotations.last('cred')).toMatchObject({
      state: 'rolled-back',
      reason: { problem: 'backend.unreachable' },
    })
    await expectAllOld(live, before)
  })

  it('rolls back when a program that is only given the secret does not start again, and starts it with the old one', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    live.users.push({ ...live.user, id: 'client', kind: 'forge', url: 'http://127.0.0.1:1', given: 'only' })
    const got: string[] = []
    live.control.restart = (id) => {
      if (id !== 'client') return live.restart()
      return live.credentials.withSecret('cred', ({ password }) => {
        got.push(password === before.password ? 'old' : 'new')
        if (got.length === 1) throw new Problem('service.exit-code', { id, code: 1, line: '' })
      })
    }

    const problem = await problemOf(live.rotate())

    expect(problem.params).toMatchObject({ step: 'apply' })
    expect(got).toEqual(['new', 'old'])
    expect(live.rotations.last('cred')).toMatchObject({
      state: 'rolled-back',
      reason: { problem: 'service.exit-code' },
    })
    await expectAllOld(live, before)
  })

  it('puts the sinks back and says that the service is down when it never starts again', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    live.control.restart = async () => {
      await live.stop()
      throw new Problem('backend.unreachable', { url: live.user.url })
    }

    await problemOf(live.rotate())

    const rotation = live.rotations.last('cred')
    expect(rotation?.state).toBe('rolled-back')
    expect(linesOf(rotation as Rotation, 'roll-back')).toContain('roll-back.down')
    await live.restart()
    await expectAllOld(live, before)
  })

  it.each([
    [
      'a folder in the place of the file',
      'sink.directory',
      async (file: string) => {
        await rm(file)
        await mkdir(file)
      },
    ],
    ['a missing folder', 'sink.no-folder', (file: string) => rm(path.dirname(file), { recursive: true })],
    ['a file that holds something else', 'sink.not-a-secret-file', (file: string) => writeFile(file, 'a\nb\nc\n')],
  ])('touches nothing when a sink has %s', async (_, id, spoil) => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    await spoil(live.at('login/PASSWORD'))
    const clients = await readFile(live.at('clients.env'), 'utf8')

    const problem = await problemOf(live.rotate())

    const rotation = live.rotations.last('cred')
    expect(problem.params['step']).toBe('write')
    expect(rotation).toMatchObject({ state: 'rolled-back', reason: { problem: id } })
    expect(linesOf(rotation as Rotation, 'roll-back')).toEqual(['roll-back.untouched'])
    expect(await readFile(live.at('clients.env'), 'utf8')).toBe(clients)
    expect(live.state.restarts).toBe(0)
    expect(await live.secret()).toEqual(before)
  })

  it('says so, and keeps both secrets, when rolling back fails too', async () => {
    await using live = await liveService('comfyui')
    live.control.restart = async () => {
      // The new secret is applied, then the service's folder goes away under our hands.
      await live.restart()
      await rm(live.at('clients.env'), { recursive: true })
      await mkdir(live.at('clients.env'))
      throw new Problem('backend.unreachable', { url: live.user.url })
    }

    const problem = await problemOf(live.rotate())

    const rotation = live.rotations.last('cred')
    expect(problem.id).toBe('rotation.failed')
    expect(problem.message).toContain('is a folder')
    expect(rotation?.state).toBe('failed')
    expect(linesOf(rotation as Rotation, 'roll-back')).toContain('roll-back.sink-failed')
    const failed = rotation?.steps.flatMap(({ lines }) => lines).find(({ line }) => line === 'roll-back.sink-failed')
    expect(failed?.params).toMatchObject({ why: 'sink.directory', path: live.at('clients.env') })
    const reopened = await openTestVault(path.dirname(live.paths.root), { users: live.users })
    const rotations = await reopened.rotationsWith({ restart: () => live.restart() })
    expect(await rotations.recover()).toMatchObject([{ state: 'failed' }]) // tried again, and still in the way
    expect((await problemOf(rotations.rotate({ id: 'cred', who: 'ann' }))).id).toBe('rotation.unfinished')
    await rm(live.at('clients.env'), { recursive: true })
    expect(await rotations.rotate({ id: 'cred', who: 'ann' })).toMatchObject({ state: 'committed' })
  })

  it('refuses a bad or unchanged secret before anything begins', async () => {
    await using live = await liveService('comfyui')
    const { password = '' } = await live.secret()

    expect((await problemOf(live.rotate({ password }))).id).toBe('rotation.same-secret')
    expect((await problemOf(live.rotate({ password: 'x'.repeat(73) }))).id).toBe('bcrypt.truncates')
    expect((await problemOf(live.rotations.rotate({ id: 'nobody', who: 'ann' }))).id).toBe('credential.not-found')
    expect(live.rotations.last('cred')).toBeNull()
  })
})

describe('cancelling', () => {
  it('rolls everything back and proves the old secret', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    let arrived: () => void = () => undefined
    const applying = new Promise<void>((resolve) => (arrived = resolve))
    let go: () => void = () => undefined
    live.control.restart = async () => {
      live.control.restart = live.restart
      arrived()
      await new Promise<void>((resolve) => (go = resolve))
      await live.restart()
    }
    const rotating = problemOf(live.rotate())
    await applying

    const cancelling = live.rotations.cancel('cred')
    go()
    const rotation = await cancelling

    expect(rotation).toMatchObject({ state: 'rolled-back', reason: { problem: 'rotation.cancelled' } })
    expect((await rotating).id).toBe('rotation.rolled-back')
    expect(await live.secret()).toEqual(before)
    expect((await live.credentials.verify('cred', { who: 'test' })).outcome).toBe('proven')
  })

  it('says that there is nothing to cancel', async () => {
    await using live = await liveService('forge')

    expect((await problemOf(live.rotations.cancel('cred'))).id).toBe('rotation.none')
  })
})

describe('services that cannot be asked or restarted', () => {
  it('commits without a proof, and says so, when no service uses the credential', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack, rotationsWith } = await openTestVault(folder.path)
    const file = path.join(stack, 'token')
    await credentials.create({ id: 'hub', scheme: 'token', sinks: [{ type: 'file', path: file }] }, 'ann')

    const rotation = await (await rotationsWith()).rotate({ id: 'hub', who: 'ann' })

    expect(linesOf(rotation, 'prove')).toEqual(['prove.nobody'])
    expect(await credentials.get('hub')).toMatchObject({ version: 2, lastProof: { outcome: 'none' } })
    expect(await readFile(file, 'utf8')).toBe((await credentials.reveal('hub', 'ann')).token)
    expect((await credentials.verify('hub', { who: 'ann' })).outcome).toBe('none')
  })

  it('does not start a stopped service, and says that it takes the secret when it starts', async () => {
    await using live = await liveService('comfyui')
    await live.stop()
    live.users[0] = { ...live.user, running: false }

    const rotation = await live.rotate()

    expect(live.state.restarts).toBe(0)
    expect(linesOf(rotation, 'apply')).toEqual(['apply.stopped'])
    expect(linesOf(rotation, 'prove')).toEqual(['prove.idle', 'prove.sessions-stay'])
    expect((await live.credentials.verify('cred', { who: 'ann' })).reason?.problem).toBe('proof.not-running')
    live.users[0] = live.user
    await live.restart()
    expect((await live.credentials.verify('cred', { who: 'ann' })).outcome).toBe('proven')
  })

  it('rolls back on an external service that would need a restart', async () => {
    await using live = await liveService('comfyui', { runtime: 'external' })

    const problem = await problemOf(live.rotate())

    expect(problem.params['step']).toBe('prove')
    expect(linesOf(live.rotations.last('cred') as Rotation, 'apply')).toEqual(['apply.external'])
    expect(live.state.restarts).toBe(0)
    expect((await live.credentials.verify('cred', { who: 'ann' })).outcome).toBe('proven')
  })

  it('leaves an external service out of the proof when nothing answers there', async () => {
    await using live = await liveService('comfyui', { runtime: 'external' })
    await live.stop()

    const rotation = await live.rotate()

    expect(linesOf(rotation, 'prove')).toEqual(['prove.idle', 'prove.sessions-stay'])
    expect((await live.credentials.verify('cred', { who: 'ann' })).outcome).toBe('unreachable')
  })
})

describe('after the panel died in the middle', () => {
  it('puts the old secret back everywhere at the next start', async () => {
    await using live = await liveService('comfyui')
    const before = await live.secret()
    live.control.restart = async () => {
      await live.restart()
      await new Promise(() => undefined) // the panel "dies" here: this rotation never goes on
    }
    void live.rotate()
    await until('the new secret to be applied', () => live.state.restarts === 1)

    // The next start: the same files, nothing in memory.
    const next = await openTestVault(path.dirname(live.paths.root), { users: live.users })
    const rotations = await next.rotationsWith({ restart: () => live.restart() }, 3000)
    const [rotation] = await rotations.recover()

    expect(rotation).toMatchObject({
      state: 'rolled-back',
      failedStep: 'apply',
      reason: { problem: 'rotation.interrupted' },
    })
    expect(await next.credentials.reveal('cred', 'test')).toEqual(before)
    expect((await next.credentials.get('cred')).drifted).toBe(0)
    expect((await next.credentials.verify('cred', { who: 'test' })).outcome).toBe('proven')
    expect(await rotations.recover()).toEqual([])
    live.rotations.close = () => Promise.resolve() // the dead one cannot be waited for
  })
})

describe('the lines of evidence', () => {
  it('are all filled in: no place is left open', async () => {
    await using live = await liveService('forge')

    const rotation = await live.rotate()

    const lines = rotation.steps.flatMap((step) => step.lines)
    expect(lines.length).toBeGreaterThan(5)
    for (const { line, text } of lines) {
      expect(Object.keys(rotationLines)).toContain(line)
      expect(text).not.toMatch(/\{\{|\bundefined\b/)
      expect(text.trim()).not.toBe('')
    }
  })
})

describe('a password that is in use and that Forge’s own arguments would break on', () => {
  it('is taken in as it is, marked, and rotated to a good one with proof', async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const user: User = {
      id: 'forge',
      kind: 'forge',
      runtime: 'process',
      url: `http://127.0.0.1:${port}`,
      running: true,
    }
    const { vault, credentials, stack, rotationsWith, paths } = await openTestVault(folder.path, { users: [user] })
    const env = path.join(stack, '.env')
    const old = 'ab:cd,12'
    await writeFile(env, `FORGE_USER=admin\nFORGE_PASSWORD='${old}'\n`)
    const startup = () => startForgeSimulator({ folder: stack, port })
    let simulator = await startup()
    const sinks = [{ type: 'env' as const, path: env, key: 'FORGE_PASSWORD' }]
    const input = { id: 'forge', scheme: 'basic' as const, username: 'admin', password: old, sinks }
    expect((await problemOf(credentials.create(input, 'ann'))).id).toBe('credential.separator')

    const made = await credentials.create({ ...input, inUse: true }, 'ann')

    const unusable = { field: 'password', reason: { problem: 'credential.separator' } }
    expect(made).toMatchObject({ unusable, state: 'in-sync' })
    expect(JSON.stringify(made)).not.toContain(old)
    // Forge splits it: the API has no routes, as with the real program.
    expect((await credentials.verify('forge', { who: 'ann' })).outcome).toBe('failed')

    const rotations = await rotationsWith({
      restart: async () => {
        await simulator.close()
        simulator = await startup()
      },
    })
    const rotation = await rotations.rotate({ id: 'forge', who: 'ann' })

    expect(rotation.state).toBe('committed')
    expect(rotation.proof.every(({ old: cell }) => cell.state === 'pass')).toBe(true)
    expect((await credentials.get('forge')).unusable).toBeUndefined()
    expect(await readFile(env, 'utf8')).not.toContain(old)
    expect(await everythingIn(paths.root)).not.toContain(old)
    await rotations.close()
    await vault.close()
    await simulator.close()
  })
})
