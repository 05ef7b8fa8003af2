import { chmod, cp, lstat, mkdir, readdir, realpath, symlink } from 'node:fs/promises'
import path from 'node:path'
import { filesOf } from '../compose/program/files'
import { replaceFile } from '../stacks/files'
import { fileErrorCode, readIfPresent } from '../storage/files'
import { places, type UpdateRun } from './run-parts'
import { readSettings } from './settings'
import type { StackOfService } from './stack'

/** Whether links to files can be made: Windows asks for a right that few have. */
const mayFail = (error: unknown) => ['EPERM', 'EACCES', 'EEXIST', 'UNKNOWN'].includes(fileErrorCode(error) ?? '')

/**
 * Lays the new version's files out beside the old ones: what the switch will write as it will be, the rest of the stack as
 * links, so that whatever the person's own files name relative to them is there. Nothing that may hold a secret is
 * copied. Returns the names of what is staged.
 */
export async function stageFiles(
  run: UpdateRun,
  { fresh }: StackOfService,
  written: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const { folder } = run.facts
  const { staged } = places(run)
  await mkdir(staged, { recursive: true, mode: 0o700 })
  const names = new Set<string>()
  for (const name of new Set([...fresh.keys(), ...written.keys()])) {
    const kept = await readIfPresent(path.join(folder, name))
    const text = written.get(name) ?? kept
    if (text === null) continue
    await replaceFile(path.join(staged, name), text)
    names.add(name)
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (names.has(entry.name) || entry.name.startsWith('.regie-')) continue
    const type = entry.isDirectory() ? 'junction' : 'file'
    await symlink(path.join(folder, entry.name), path.join(staged, entry.name), type).catch((error: unknown) => {
      if (!mayFail(error)) throw error
    })
  }
  return names
}

/** The Compose files of the staged version: its own first one, and whatever the person has beside it. */
export async function stagedSpec(run: UpdateRun) {
  const { spec, folder } = run.facts
  const [first = '', ...others] = await filesOf(spec)
  const { staged } = places(run)
  const envFile = spec.envFile ?? path.join(folder, '.env')
  const hasEnv = (await readIfPresent(envFile)) !== null
  return {
    ...spec,
    file: path.join(staged, path.basename(first)),
    overrides: others,
    ...(hasEnv && { envFile }),
  }
}

/** Largest folder that is copied for the new version to write into, in bytes; a larger one it may only read. */
const mostCopied = 4 * 2 ** 30

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    if (entry.isFile()) bytes += (await lstat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0
  return bytes
}

/** Lets whoever the container runs as write there: it is thrown away, and lies in a folder of the panel's user alone. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o777)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink())
      await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666)
}

const below = (folder: string, value: string) => path.resolve(folder, value)

/**
 * What the new version gets in place of the person's folders: empty ones for outputs and cache, copies of what it may
 * write to. A folder with a secret is neither: it is mounted read-only.
 */
export async function layOutFolders(run: UpdateRun, { template }: StackOfService) {
  const { folder } = run.facts
  const { beside } = places(run)
  const settings = await readSettings(folder)
  const thrownAway = new Map<string, string>()
  for (const [key, name] of [
    ['OUTPUTS_FOLDER', 'outputs'],
    ['CACHE_FOLDER', 'cache'],
  ] as const) {
    const empty = path.join(beside, name)
    await mkdir(empty, { recursive: true })
    await chmod(empty, 0o777)
    thrownAway.set(below(folder, settings.get(key) || `./${name}`), empty)
  }
  const copies = new Map<string, string>()
  const withSecret = new Set(template.sinks.map(({ file }) => path.normalize(file).split(path.sep)[0]))
  for (const name of template.folders.filter((one) => !withSecret.has(one))) {
    const from = path.join(folder, name)
    if ((await sizeOf(from)) > mostCopied) continue
    const to = path.join(beside, name)
    await mkdir(to, { recursive: true })
    // The folder itself may be a link to where there is more room; links within are left as they are.
    const copied = realpath(from).then((real) => cp(real, to, { recursive: true, verbatimSymlinks: true }))
    await copied.catch((error: unknown) => {
      if (fileErrorCode(error) !== 'ENOENT') throw error
    })
    await openToAll(to)
    copies.set(from, to)
  }
  return { thrownAway, copies }
}
