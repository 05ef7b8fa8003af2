import { expect, it } from 'vitest'
import { UserGpu } from '../../../shared/contract'
import { namedMemory } from '../../../shared/cards'
import { cardOf } from '../../support/cards'

it('a user is told who of the services holds how much, and not which programs and containers run', () => {
  const holder = { mib: 1_000, contextMiB: null, from: 'process' as const, pids: [7], names: [] }
  const card = cardOf({
    memoryUsedMiB: 4_000,
    processes: [{ pid: 7, name: '/srv/secret/program', memoryMiB: 1_000, serviceId: null }],
    holders: [
      { ...holder, kind: 'service', id: 'comfyui' },
      { ...holder, kind: 'container', id: 'secret-container' },
      { ...holder, kind: 'program', id: 'secret-program' },
      { ...holder, kind: 'rest', id: '', names: ['secret-game'] },
    ],
  })
  const told = UserGpu.parse(card)
  expect(JSON.stringify(told)).not.toContain('secret')
  expect(told.holders?.map(({ kind, id }) => [kind, id])).toEqual([
    ['service', 'comfyui'],
    ['container', ''],
    ['program', ''],
    ['rest', ''],
  ])
  expect(namedMemory([told])).toEqual(namedMemory([card]))
})
