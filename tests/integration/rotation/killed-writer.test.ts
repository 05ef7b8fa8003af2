import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeLeftovers } from '../../../electron/storage/files'
import { bundlePrograms, temporaryFolder } from '../../support/programs'

let built: Awaited<ReturnType<typeof bundlePrograms<'files'>>>
beforeAll(async () => {
  built = await bundlePrograms({ files: 'electron/storage/files.ts' })
})
afterAll(() => built.remove())

it('a writer that is killed at any instant leaves a whole file, and what it left beside can be cleared', async () => {
  await using folder = await temporaryFolder()
  const file = path.join(folder.path, 'secret')
  const other = path.join(folder.path, '.secret.mine.tmp')
  const versions = ['a', 'b'].map((letter) => letter.repeat(2_000_000))
  await writeFile(file, versions[0] ?? '')
  await writeFile(other, 'not ours')
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(built.programs.files)}
    process.stdout.write('writing')
    for (let i = 1; ; i++) await writeFileAtomic(${JSON.stringify(file)}, 'ab'[i % 2].repeat(2_000_000))`

  for (const afterMs of [0, 3, 7, 12, 20, 33]) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await pause(afterMs) // not a wait for a state: the instant of the kill is what varies
    child.kill('SIGKILL')
    await once(child, 'close')

    expect(versions).toContain(await readFile(file, 'utf8'))
  }
  await removeLeftovers(file)

  expect((await readdir(folder.path)).sort()).toEqual(['.secret.mine.tmp', 'secret'])
})
