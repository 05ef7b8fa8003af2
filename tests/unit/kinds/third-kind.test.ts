import { execFile } from 'node:child_process'
import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../support/programs'

const root = path.resolve(import.meta.dirname, '../../..')
const compiler = path.join(root, 'node_modules/typescript-native/bin/tsc')

/** A kind that nobody has, with all that page and core need to know of it. */
const third = `
  third: {
    name: 'Third',
    scheme: 'basic',
    icon: 'hammer',
    port: { real: 9000, simulated: 19_000 },
    protectedPath: '/status',
    progress: { asked: '/progress' },
    variables: { url: 'THIRD_URL', username: 'THIRD_USER', password: 'THIRD_PASSWORD', token: 'THIRD_TOKEN' },
  },
`

/** The files in which the compiler finds something wrong. */
const wrongIn = (folder: string) =>
  new Promise<string[]>((resolve) => {
    execFile(
      process.execPath,
      [compiler, '--noEmit', '--singleThreaded', '--pretty', 'false', '-p', folder],
      { cwd: folder, maxBuffer: 16 * 2 ** 20 },
      (_error, output) => {
        const files = output.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error /.exec(line)?.[1] ?? [])
        resolve([...new Set(files)].toSorted())
      },
    )
  })

it('asks of a third kind a folder and a line in kinds/, and its words', { timeout: 180_000 }, async () => {
  await using temporary = await temporaryFolder('third-kind')
  const folder = temporary.path
  for (const part of ['electron', 'renderer', 'shared', 'package.json'])
    await cp(path.join(root, part), path.join(folder, part), { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  const settings = JSON.parse(await readFile(path.join(root, 'tsconfig.json'), 'utf8')) as object
  const include = ['electron', 'renderer', 'shared']
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, include }))
  const table = path.join(folder, 'shared/kinds.ts')
  const end = '\n} as const satisfies Record<string, KindFacts>'
  const text = await readFile(table, 'utf8')
  expect(text.split(end)).toHaveLength(2)
  await writeFile(table, text.replace(end, third + end))
  expect(await wrongIn(folder)).toEqual(['electron/kinds/index.ts', 'renderer/i18n/kinds.ts'])
})
