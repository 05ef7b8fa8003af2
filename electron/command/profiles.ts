import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { fileErrorCode, writeFileAtomic } from '../storage/files'
import { withLock } from '../storage/folder-lock'
import { CommandFailure, exits } from './exits'
import type { Machine } from './machine'

/** A panel, and the key that opens it for its person. */
const Profile = z.object({
  url: z.string(),
  key: z.string(),
  /** A file of certificates that the panel's is checked against; null for the system's. */
  ca: z.string().nullable(),
})
export type Profile = z.infer<typeof Profile>

const Profiles = z.object({ format: z.literal(1), profiles: z.record(z.string(), Profile) })
type Profiles = z.infer<typeof Profiles>['profiles']

/** The profile that is taken where none is named. */
export const usualProfile = 'default'

/** Where `regie login` keeps what it was given: beside the data folders, which other machines' panels know nothing of. */
export function profilesFile({ env, platform, home }: Pick<Machine, 'env' | 'platform' | 'home'>): string {
  const join = (...parts: string[]) => (platform === 'win32' ? path.win32 : path.posix).join(...parts)
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'regie-cli', 'profiles.json')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'regie-cli', 'profiles.json')
    default:
      return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'regie-cli', 'profiles.json')
  }
}

/** Rights of others to read or write a file. */
const others = 0o077

/**
 * The profiles that are kept. Throws a CommandFailure where others than their owner can read them, or where they cannot
 * be understood: the keys in them are then not used. Windows keeps them by the rights of the person's folder.
 */
export async function readProfiles(machine: Pick<Machine, 'env' | 'platform' | 'home'>): Promise<Profiles> {
  const file = profilesFile(machine)
  try {
    await using handle = await open(file, constants.O_RDONLY)
    const { mode } = await handle.stat()
    if (machine.platform !== 'win32' && (mode & others) !== 0)
      throw new CommandFailure(exits.unreachable, 'failure.profilesOpen', { file })
    return parseProfiles(await handle.readFile('utf8'), file)
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return {}
    throw error
  }
}

/** The profile of a name that a person gave; undefined where there is none. */
export const profileIn = (profiles: Profiles, name: string): Profile | undefined =>
  Object.hasOwn(profiles, name) ? profiles[name] : undefined

function parseProfiles(text: string, file: string): Profiles {
  try {
    return Profiles.parse(JSON.parse(text)).profiles
  } catch {
    // Without its cause, which quotes what stands there.
    throw new CommandFailure(exits.unreachable, 'failure.profilesUnreadable', { file })
  }
}

/**
 * Changes the profiles as they are then, and keeps them for their owner alone; `change` resolves with null to leave them.
 * Two commands at once come one after the other, so that neither writes over what the other has kept.
 */
export async function changeProfiles(
  machine: Pick<Machine, 'env' | 'platform' | 'home'>,
  change: (profiles: Profiles) => Profiles | null,
): Promise<void> {
  const file = profilesFile(machine)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await withLock(`${file}.lock`, async () => {
    const profiles = change(await readProfiles(machine))
    if (profiles === null) return
    const kept: z.infer<typeof Profiles> = { format: 1, profiles }
    await writeFileAtomic(file, `${JSON.stringify(kept, null, 2)}\n`)
  })
}
