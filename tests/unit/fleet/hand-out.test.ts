import { describe, expect, it } from 'vitest'
import { handOut, nextStep, type SecretState } from '../../../electron/fleet/hand-out'
import { simulatedSwarm } from '../../support/simulated-swarm'
import { killFleet } from '../../torture/fleet'

const state = (change: Partial<SecretState> = {}): SecretState => ({
  ...{ versions: [{ ids: ['s0'], fingerprint: 'v0' }], named: ['s0'], held: [['s0']], areUp: true, update: 'none' },
  ...change,
})
const both = [
  { ids: ['s0'], fingerprint: 'v0' },
  { ids: ['s1'], fingerprint: 'v1' },
]

const even = { below: () => 1, is: () => false }

describe('a new secret for a service on a Swarm', () => {
  it('is made, named, waited for, and the old one removed only when no replica holds it', () => {
    expect(nextStep(state(), 'v1', false)).toEqual({ do: 'create' })
    expect(nextStep(state({ versions: both }), 'v1', false)).toMatchObject({ do: 'name', version: { ids: ['s1'] } })
    const named = { versions: both, named: ['s1'] }
    expect(nextStep(state({ ...named, update: 'updating' }), 'v1', true)).toEqual({ do: 'wait' })
    expect(nextStep(state({ ...named, held: [['s0'], ['s1']], update: 'completed' }), 'v1', true)).toEqual({
      do: 'wait',
    })
    const rising = { ...named, held: [['s1']], areUp: false, update: 'completed' as const }
    expect(nextStep(state(rising), 'v1', true)).toEqual({ do: 'wait' })
    const held = { ...named, held: [['s1']], update: 'completed' as const }
    expect(nextStep(state(held), 'v1', true)).toEqual({ do: 'remove', ids: ['s0'], end: 'handed-out' })
  })

  it('that Swarm has rolled back is removed again; a roll-back that paused goes on first', () => {
    const back = { versions: both, update: 'rolled-back' as const }
    expect(nextStep(state(back), 'v1', true)).toEqual({ do: 'remove', ids: ['s1'], end: 'rolled-back' })
    expect(nextStep(state({ ...back, update: 'paused', held: [['s1']] }), 'v1', true)).toEqual({ do: 'resume' })
  })

  it('ends with one secret everywhere, the new one or the old one', async () => {
    const well = simulatedSwarm(even, 3)
    expect(await handOut(well.hands('v1'), 'v1')).toBe('handed-out')
    expect([...well.accepted(), ...well.kept()]).toEqual(['v1', 'v1'])
    const bad = simulatedSwarm(even, 3)
    bad.refuse('v1')
    expect(await handOut(bad.hands('v1'), 'v1')).toBe('rolled-back')
    expect([...bad.accepted(), ...bad.kept()]).toEqual(['v0', 'v0'])
  })

  it('ends so wherever Regie is killed, once it is there again', async () => {
    const { kills, losses, steps } = await killFleet(7, 120)
    expect(losses).toEqual([])
    expect(kills).toBeGreaterThanOrEqual(120)
    expect(Object.keys(steps).sort()).toEqual(['create', 'look', 'name', 'remove', 'resume', 'wait'])
  })
})
