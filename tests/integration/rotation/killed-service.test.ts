import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { ServiceKind } from '../../../shared/contract'
import { long } from '../../support/long'
import { until } from '../../support/until'
import { recovered } from '../../torture/checks'
import { bundleTorture, type TorturePrograms } from '../../torture/process'
import { nativeWorld, type World } from '../../torture/world'

// The panel is a process that is really killed, and its services die with it.

const Found = z.object({ health: z.object({ state: z.string() }) })
const stateOf = async (world: World, kind: ServiceKind) =>
  Found.parse(await world.panel().call('GET', `services/${kind}`)).health.state

describe('a panel that is killed in a rotation', { timeout: 180_000 }, () => {
  let programs: TorturePrograms
  let world: World
  beforeAll(async () => {
    programs = await bundleTorture()
    world = await nativeWorld(programs, 'comfyui')
  }, 120_000)
  afterAll(async () => {
    await world.remove()
    await programs.remove()
  })

  const again = 'starts %s again, which ran before (killed at %s)'
  const startsAgain = async (kind: ServiceKind, step: 'write' | 'apply' | 'commit') => {
    const panel = world.panel()
    await panel.arm({ at: 'journal', step, when: 'after' })
    const rotating = panel.call('POST', `credentials/${kind}/rotate`, {}).catch(() => undefined)
    await panel.gone
    await rotating

    await world.begin().listening()
    await recovered(world)

    // Nobody asks for a start.
    await until(`${kind} to be ready`, async () => (await stateOf(world, kind)) === 'ready')
    const other = kind === 'comfyui' ? 'forge' : 'comfyui'
    expect(await stateOf(world, other)).not.toBe('ready')
    await world.servicesReady()
  }
  test.each([['comfyui', 'apply']] as const)(again, startsAgain)
  test.each([
    ['comfyui', 'write'],
    ['comfyui', 'commit'],
    ['forge', 'apply'],
  ] as const)(again, long, startsAgain)

  test('leaves one stopped that was stopped before', long, async () => {
    const panel = world.panel()
    await panel.call('POST', 'services/comfyui/stop')
    await panel.arm({ at: 'journal', step: 'prove', when: 'after' })
    const rotating = panel.call('POST', 'credentials/comfyui/rotate', {}).catch(() => undefined)
    await panel.gone
    await rotating

    await world.begin().listening()
    await recovered(world)
    await world.panel().call('POST', 'services/forge/start')

    await until('forge to be ready', async () => (await stateOf(world, 'forge')) === 'ready')
    expect(await stateOf(world, 'comfyui')).toBe('stopped')
  })
})
