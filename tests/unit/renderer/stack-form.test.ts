import { describe, expect, test } from 'vitest'
import {
  emptyStackForm,
  idOf,
  issuesOf,
  toAnswers,
  type StackForm,
} from '../../../renderer/features/services/add/stack-form'
import type { Stack } from '../../../shared/contract'

const stack: Stack = {
  ...{
    id: 'forge-neo',
    kind: 'forge-neo',
    version: '1',
    isUnmaintained: false,
    sharesModels: true,
    offersManager: false,
  },
  ...{ files: [], models: [], modelsGiB: 1, imageGiB: 1, cards: [] },
  suggested: { serviceId: 'forge-neo', folder: '/srv/forge-neo', port: 17_862 },
}
const form = (part: Partial<StackForm>): StackForm => ({ ...emptyStackForm(stack, 'none'), ...part })

describe('the name of a stack’s service', () => {
  test.each([
    ['forge-neo', 'forge-neo', undefined],
    ['with_underscore', 'with_underscore', undefined],
    ['Forge, à l’étage', 'forge-a-l-etage', 'Forge, à l’étage'],
    ['  Forge 2 ', 'forge-2', 'Forge 2'],
  ])('%j makes the id %s', (name, serviceId, kept) => {
    expect(issuesOf(form({ name }))).toEqual({})
    const answers = toAnswers('forge-neo', form({ name }))
    expect([answers.serviceId, answers.name]).toEqual([serviceId, kept])
  })

  test.each(['', ' ', '…'])('%j makes none', (name) => {
    expect(idOf({ name })).toBe('')
    expect(issuesOf(form({ name }))).toEqual({ name: 'id' })
  })
})

test('what is left empty or off is left out', () => {
  const answers = toAnswers('forge-neo', form({ modelsFolder: ' ' }))
  expect(answers).toMatchObject({ gpuUuid: null, port: 17_862, folder: '/srv/forge-neo' })
  for (const key of ['modelsFolder', 'sharedModelsFolder', 'manager'] as const) expect(answers[key]).toBeUndefined()
  expect(toAnswers('forge-neo', form({ sharedModelsFolder: '/data/ComfyUI', manager: true }))).toMatchObject({
    sharedModelsFolder: '/data/ComfyUI',
    manager: true,
  })
})
