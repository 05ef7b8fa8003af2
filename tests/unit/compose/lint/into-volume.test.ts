import { describe, expect, test } from 'vitest'
import { isModelsOnWindows } from '../../../../electron/compose/files/windows-drive'
import { planChange } from '../../../../electron/compose/lint/plan'
import { projectOf, lintOf, memoryDisk, quiet, place } from './project'
import { readProject } from '../../../../electron/compose/lint/project'
import { noFacts } from '../../../../electron/compose/lint/model'
import { applyEdits } from '../../../../electron/compose/lint/text'

const facts = { copies: [{ service: 'a', target: '/app/models', volume: 'regie-models-a-1' }] }

/** The file after the fix; null where none is offered. */
async function fixed(yaml: string, env = ''): Promise<string | null> {
  const files = { 'compose.yaml': yaml, '.env': env }
  const [finding] = (await lintOf(files, facts)).filter(({ rule }) => rule === 'windows-drive')
  const [fix] = finding?.fixes ?? []
  if (!fix) return null
  const plan = await planChange(
    [fix.id],
    (disk) => readProject({ file: place('compose.yaml') }, { ...noFacts, ...facts }, disk),
    memoryDisk(files),
  )
  expect(plan.needs).toBe('recreate')
  const [change] = plan.files
  if (!change) throw new Error('a fix changed nothing')
  // What leads back gives the file byte for byte.
  expect(change.back.reduce((text, edits) => applyEdits(text, edits), change.after.toString())).toBe(yaml)
  return change.after.toString()
}

describe('a verified copy is mounted in place of the folder', () => {
  test('in the short form, with its target and access as they were written', async () => {
    const after = await fixed(
      quiet(`volumes:
  # The models.
  - /mnt/d/ai/models:/app/models:ro # read only
  - ./out:/out`),
    )
    expect(after).toContain('      - regie-models-a-1:/app/models:ro # read only\n      - ./out:/out\n')
    expect(after).toContain('      # The models.\n')
    expect(after).toMatch(/\nvolumes:\n {2}regie-models-a-1:\n {4}external: true\n$/)
  })

  test('in the long form of the ready-made stacks, whose folder stands in .env', async () => {
    const yaml = quiet(`volumes:
  - type: bind
    source: \${MODELS_FOLDER:-./models}
    target: /app/models
    bind: { create_host_path: false }
  - type: bind
    source: ./out
    target: /out`)
    const after = await fixed(yaml, "MODELS_FOLDER='/mnt/d/ai/models'\n")
    expect(after).toContain(
      '      - type: volume\n        source: regie-models-a-1\n        target: /app/models\n      - type: bind\n        source: ./out\n',
    )
  })

  test('beside volumes that the file names already, once', async () => {
    const yaml = `${quiet('volumes: ["/mnt/d/ai/models:/app/models", "cache:/cache"]')}volumes:\n  cache:\n    driver: local\n`
    const after = await fixed(yaml)
    expect(after).toContain('volumes: [regie-models-a-1:/app/models, "cache:/cache"]')
    expect(after).toMatch(/volumes:\n {2}cache:\n {4}driver: local\n {2}regie-models-a-1:\n {4}external: true\n$/)
    // It is no finding any more.
    const project = await projectOf({ 'compose.yaml': after ?? '' }, facts)
    expect(project.mounts.map(({ mount }) => mount.source)).toEqual([])
  })

  test('and is offered neither without a copy, nor where its lines cannot be changed one by one', async () => {
    const yaml = quiet('volumes: ["/mnt/d/ai/models:/app/other"]')
    const found = (await lintOf({ 'compose.yaml': yaml }, facts)).find(({ rule }) => rule === 'windows-drive')
    expect(found?.fixes).toEqual([])
    const inBraces = quiet(
      'volumes: [{ type: bind, source: /mnt/d/models, target: /app/models, bind: { propagation: x } }]',
    )
    expect(await fixed(inBraces)).toBeNull()
    expect(await fixed(`${quiet('volumes: ["/mnt/d/models:/app/models"]')}volumes: { cache: {} }\n`)).toBeNull()
  })
})

test.each([
  ['C:\\ai\\models', true],
  ['c:/ai/models', true],
  ['/mnt/c/ai/models', true],
  ['/run/desktop/mnt/host/d/ai/models', true],
  ['/host_mnt/c/ai/models', true],
  ['/mnt/data/models', false],
  ['/mnt/c', false],
  ['C:\\', false],
  ['/home/ada/models', false],
  ['models', false],
])('%s is a folder of models on a Windows drive: %s', (source, is) => {
  expect(isModelsOnWindows({ source, target: '/app/models' })).toBe(is)
})
test('what is mounted as something else is not', () => {
  expect(isModelsOnWindows({ source: 'C:\\ai\\out', target: '/app/output' })).toBe(false)
})
