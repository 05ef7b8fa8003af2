import path from 'node:path'
import { reason, type Reason } from '../../shared/problems'
import type { CredentialRecord } from '../credentials/record'
import type { Group } from './group'
import type { Found } from './model'
import { hashKind, ownMeaning } from './own'

/** The parts of a path from ComfyUI's folder to the file that seals its cookies. */
const pluginFolder = /^comfyui[-_]?login$/i

/** What a search looks into below `custom_nodes`: the plugin of the login alone. */
export const isLoginPlugin = (name: string): boolean => pluginFolder.test(name)

export const isSessionKeyFile = ({ type }: Pick<Found, 'type'>): boolean => type === 'session-key'

/**
 * ComfyUI's folder, from the place of a PASSWORD file or of a session key: `<ComfyUI>/login/PASSWORD`, formerly
 * `<ComfyUI>/PASSWORD`; `<ComfyUI>/custom_nodes/ComfyUI-Login/.secret-key.txt`, in Regie's ready-made stack
 * `<ComfyUI>/login/.secret-key.txt`. Paths are told apart by the separator given.
 */
export function homeOf(file: string, ways: Pick<path.PlatformPath, 'dirname' | 'basename'> = path): string {
  const folder = ways.dirname(file)
  if (ways.basename(folder) === 'login') return ways.dirname(folder)
  const above = ways.dirname(folder)
  return pluginFolder.test(ways.basename(folder)) && ways.basename(above) === 'custom_nodes'
    ? ways.dirname(above)
    : folder
}

interface Surroundings {
  /** Names of the Compose services that read a place. */
  readersOf: (found: Found) => readonly string[]
  /** The credential of the vault that opens the service of Regie which reads a place; null where there is none. */
  credentialBehind: (found: Found) => CredentialRecord | null
}

/**
 * Puts each session key to the credential whose browser sessions it seals: the one whose PASSWORD lies in the same
 * ComfyUI, else the only one that the same Compose service reads, else the vault's own of that service. Where that
 * cannot be told, the key is left out, with a remark.
 */
export function attachSessionKeys(
  groups: readonly Group[],
  keys: readonly Found[],
  { readersOf, credentialBehind }: Surroundings,
): { groups: Group[]; remarks: Reason[] } {
  const result = groups.map((one) => ({ ...one, members: [...one.members] }))
  const logins = result.filter(({ scheme }) => scheme === 'comfyui-login')
  const remarks: Reason[] = []
  for (const found of keys) {
    const home = homeOf(found.path)
    const readers = readersOf(found)
    const besides = logins.filter(({ members }) =>
      members.some((member) => member.found.type === 'comfyui-login' && homeOf(member.found.path) === home),
    )
    const together = logins.filter(({ members }) =>
      members.some((member) => readersOf(member.found).some((name) => readers.includes(name))),
    )
    const own = only(besides) ?? (besides.length === 0 ? only(together) : null)
    const member = { found, field: 'sessionKey' as const }
    if (own) own.members.push(member)
    else if (together.length === 0 && credentialBehind(found) !== null)
      result.push({ ...ownMeaning(hashKind, member.field), members: [member] })
    else remarks.push(reason('discovery.session-key-alone', { path: found.path }))
  }
  return { groups: result, remarks }
}

const only = <T>(all: readonly T[]): T | null => (all.length === 1 ? (all[0] ?? null) : null)
