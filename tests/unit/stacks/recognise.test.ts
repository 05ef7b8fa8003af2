import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { earlierVersions } from '../../../electron/stacks/earlier'
import { manifestName, manifestText, readManifest, textFingerprint } from '../../../electron/stacks/manifest'
import { recognise } from '../../../electron/stacks/recognise'
import { templates } from '../../../electron/stacks/templates'
import { withoutGpu } from '../../../electron/stacks/texts'

/** The stacks as Regie 0.4.0 deployed them, without a manifest. */
const deployed = (id: string) => path.join(import.meta.dirname, '../../cases/stacks-0.4.0', id)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-recognise-'))
})
afterEach(() => rm(folder, { recursive: true }))

const edit = async (name: string, change: (text: string) => string) => {
  const file = path.join(folder, name)
  await writeFile(file, change(await readFile(file, 'utf8')))
}
const withManifest = async (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  const texts = new Map(Object.entries(files))
  await writeFile(path.join(folder, manifestName), manifestText({ id: 'comfyui-qwen', version: '9.9' }, texts))
}

describe('a deployment from before there were manifests', () => {
  test.each([
    ['comfyui-qwen', '0.3.64-2'],
    ['forge-turbo', 'dfdcbab6'],
  ] as const)('%s of 0.4.0 is known by its files', async (stackId, version) => {
    await cp(deployed(stackId), folder, { recursive: true })
    expect(await recognise(folder)).toEqual({ stackId, version, changed: [] })
  })

  test('is known without a GPU too, and with the line ends of Windows', async () => {
    await cp(deployed('comfyui-qwen'), folder, { recursive: true })
    await edit('compose.yaml', (text) => withoutGpu(text, 'comfyui-qwen').replaceAll('\n', '\r\n'))
    expect(await recognise(folder)).toEqual({ stackId: 'comfyui-qwen', version: '0.3.64-2', changed: [] })
  })

  test('tells the files that were changed or taken away since', async () => {
    await cp(deployed('forge-turbo'), folder, { recursive: true })
    await edit('compose.yaml', (text) => text.replace('16g', '24g'))
    await rm(path.join(folder, 'README.md'))
    expect(await recognise(folder)).toMatchObject({ stackId: 'forge-turbo', changed: ['compose.yaml', 'README.md'] })
  })

  test('with more changed than not, it is somebody’s own, and not claimed', async () => {
    await cp(deployed('forge-turbo'), folder, { recursive: true })
    for (const name of ['compose.yaml', 'Dockerfile', 'serve.py', 'README.md']) await edit(name, (text) => `${text}#\n`)
    expect(await recognise(folder)).toBeNull()
  })
})

describe('a manifest', () => {
  test('tells stack, version and what was changed since', async () => {
    await withManifest({ 'compose.yaml': 'services: {}\n', 'serve.py': 'pass\n' })
    expect(await recognise(folder)).toEqual({ stackId: 'comfyui-qwen', version: '9.9', changed: [] })
    await edit('serve.py', () => 'raise\n')
    expect(await recognise(folder)).toEqual({ stackId: 'comfyui-qwen', version: '9.9', changed: ['serve.py'] })
  })

  test.each([
    '',
    'null',
    '{"format":1}',
    '{"format":2,"stackId":"comfyui-qwen","version":"1","files":{}}',
    '{"format":1,"stackId":"other","version":"1","files":{}}',
    ...['../../etc/passwd', '/etc/passwd', 'C:\\\\x', '..', ''].map(
      (name) => `{"format":1,"stackId":"comfyui-qwen","version":"1","files":{"${name}":"${'a'.repeat(64)}"}}`,
    ),
    JSON.stringify({
      ...{ format: 1, stackId: 'comfyui-qwen', version: '1' },
      files: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`f${at}`, 'a'.repeat(64)])),
    }),
  ])('that says %j says nothing', async (text) => {
    await writeFile(path.join(folder, manifestName), text)
    expect(await readManifest(folder)).toBeNull()
    expect(await recognise(folder)).toBeNull()
  })
})

test('an empty folder is no stack, nor one that is not there', async () => {
  expect(await recognise(folder)).toBeNull()
  expect(await recognise(path.join(folder, 'nothing'))).toBeNull()
})

test('every file of a stack that changed since has a new version', async () => {
  for (const { id, version, files } of templates) {
    const earlier = earlierVersions.findLast(({ stackId }) => stackId === id)
    for (const name of earlier?.version === version ? files : []) {
      const text = await readFile(path.join(import.meta.dirname, '../../../resources/stacks', id, name), 'utf8')
      expect(earlier?.files[name], `${id} ${name}`).toContain(textFingerprint(text))
    }
  }
})
