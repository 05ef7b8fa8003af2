import { execFile } from 'node:child_process'
import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'

const root = path.resolve(import.meta.dirname, '../../..')
const compiler = path.join(root, 'node_modules/typescript-native/bin/tsc')

/** A kind that nobody has, with all that page and core need to know of it. */
const third = `
  third: {
    name: 'Third',
    scheme: 'basic',
    icon: 'hammer',
    port: { real: 9000, simulated: 19_000, gateway: 11_000 },
    protectedPath: '/status',
    progress: { asked: '/progress' },
    common: [],
    variables: { url: 'THIRD_URL', username: 'THIRD_USER', password: 'THIRD_PASSWORD', token: 'THIRD_TOKEN' },
  },
`

/** The files in which the compiler finds something wrong. */
const wrongIn = (folder: string) =>
  new Promise<string[]>((resolve) => {
    execFile(
      process.execPath,
      [compiler, '--noEmit', '--singleThreaded', '--pretty', 'false', '-p', folder],
      // Without Go's collector it takes half the time, and a quarter more memory.
      { cwd: folder, maxBuffer: 16 * 2 ** 20, env: { ...process.env, GOGC: 'off' } },
      (_error, output) => {
        const files = output.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error /.exec(line)?.[1] ?? [])
        resolve([...new Set(files)].toSorted())
      },
    )
  })

/** What speaks of kinds is checked; the rest is only there for its types, which is half of the compiler's time. */
const speaksOfKinds = /\bkind\b|[kK]inds?'|ServiceKind|kindOf/

/** A copy of the tree; `change` may give a file another text. */
async function copyTree(folder: string, change: (file: string, text: string) => string) {
  for (const part of ['electron', 'renderer', 'shared', 'package.json'])
    await cp(path.join(root, part), path.join(folder, part), { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  const settings = JSON.parse(await readFile(path.join(root, 'tsconfig.json'), 'utf8')) as object
  const include = ['electron', 'renderer', 'shared']
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, include }))
  for (const room of include)
    for (const file of await readdir(path.join(folder, room), { recursive: true })) {
      if (!/\.tsx?$/.test(file)) continue
      const place = path.join(folder, room, file)
      const text = await readFile(place, 'utf8')
      const changed = change(`${room}/${file.replaceAll('\\', '/')}`, text)
      if (changed !== text) await writeFile(place, changed)
    }
}

it('asks of a third kind a folder and a line in kinds/, and its words', { ...long, timeout: 180_000 }, async () => {
  await using temporary = await temporaryFolder('third-kind')
  const end = '\n} as const satisfies Record<string, KindFacts>'
  await copyTree(temporary.path, (file, text) => {
    if (file === 'shared/kinds.ts') return text.replace(end, third + end)
    return speaksOfKinds.test(text) ? text : `// @ts-nocheck\n${text}`
  })
  expect(await readFile(path.join(temporary.path, 'shared/kinds.ts'), 'utf8')).toContain(third)
  expect(await wrongIn(temporary.path)).toEqual(['electron/kinds/index.ts', 'renderer/i18n/kinds.ts'])
})
