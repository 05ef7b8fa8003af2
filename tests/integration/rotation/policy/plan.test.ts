import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { planRotation } from '../../../../electron/rotation/policy/plan'
import { contextOf } from '../../../../electron/credentials'
import { reason } from '../../../../shared/problems'
import { temporaryFolder } from '../../../support/programs'
import { openTestVault, type User } from '../../vault/support'

it('knows beforehand what Regie cannot restart, and says that it would refuse', async () => {
  await using folder = await temporaryFolder()
  const user = (id: string, running: boolean): User => ({
    id,
    kind: 'comfyui',
    runtime: 'process',
    url: 'http://127.0.0.1:1',
    running,
  })
  const users = [user('adopted', true), user('own', true), user('away', false)]
  const { vault, credentials, stack } = await openTestVault(folder.path, { users })
  await mkdir(path.join(stack, 'login'))
  const sinks = [{ type: 'comfyui-login' as const, path: path.join(stack, 'login', 'PASSWORD') }]
  await credentials.create({ id: 'cred', scheme: 'comfyui-login', sinks }, 'ann')
  await credentials.create({ id: 'read', scheme: 'comfyui-login', sinks: [] }, 'ann')
  const ports = {
    context: contextOf(credentials),
    rotations: { last: () => null },
    loadOf: (serviceId: string) =>
      Promise.resolve({ serviceId, state: 'idle' as const, own: 0, running: 0, waiting: 0 }),
    foresight: {
      foresee: () => Promise.resolve({ action: 'restart' as const, why: 'start' as const }),
      unmanageable: (id: string) => (id === 'own' ? null : reason('service.not-ours', { id })),
    },
    generationsOn: () => [],
    startTimes: () => Promise.resolve([4_000]),
  }

  const [adopted, own, away] = (await planRotation(ports, 'cred')).services

  expect(adopted).toMatchObject({ action: 'external', blocked: { problem: 'service.not-ours' }, expectedMs: null })
  expect(own).toMatchObject({ action: 'restart', expectedMs: 4_000 })
  expect([own, away].map((service) => service?.blocked)).toEqual([undefined, undefined])
  // Behind the gateway what is asked waits, and the jobs of people end first.
  expect(own?.held).toBeUndefined()
  const work = [{ account: 'user', name: 'Maya', jobs: 2 }]
  const held = (await planRotation({ ...ports, workOf: () => work }, 'cred')).services.map((service) => service.held)
  expect(held).toEqual([undefined, { ms: 4_000, work }, undefined])
  // Nothing of this credential stands in a file that a service reads: nobody needs a restart.
  expect((await planRotation(ports, 'read')).services.map(({ action }) => action)).toEqual(['none', 'none', 'stopped'])
  await vault.close()
})
