import type { LibraryFile, MissingModel, ModelMention, ModelRole } from '../../shared/contract'
import { kinds, type KindId } from '../../shared/kinds'
import type { CollectedFolder } from './collect'
import { ownNameKey } from './entries'
import { familyOf } from './families'

/** A file that something names, wherever it is. */
export interface WantedModel {
  name: string
  /** As the one that names it calls it, e.g. `models/vae`; empty where it does not. */
  folder: string
  role: ModelRole
  bytes: number | null
  url: string | null
  /** The service that it is wanted of; null: any ComfyUI. */
  serviceId: string | null
  by: ModelMention
}

/** Whether services of a kind run workflows, and so may want what one names. */
const keepsWorkflows = (kind: KindId): boolean => {
  const common: readonly string[] = kinds[kind].common
  return common.includes('saved-workflows')
}

const lastOf = (folder: string) => folder.split(/[\\/]/).at(-1) ?? folder

/** Files that are named and lie in no folder that is looked at, each once with all who name it. */
export function missingOf(
  wanted: readonly WantedModel[],
  files: readonly LibraryFile[],
  folders: readonly CollectedFolder[],
): MissingModel[] {
  // What a service has whose folders are not looked at, nobody can say.
  const seen = folders.filter(({ state }) => state === 'read').flatMap(({ uses }) => uses)
  const isSeen = (id: string | null) =>
    seen.some(({ serviceId, kind }) => (id === null ? keepsWorkflows(kind) : serviceId === id))
  const there = new Set(files.filter(({ removed }) => !removed).map(({ name }) => ownNameKey(name)))
  const known = new Map<string, MissingModel>()
  for (const { name, folder, role, bytes, url, serviceId, by } of wanted) {
    const key = ownNameKey(name)
    if (there.has(key) || !isSeen(serviceId)) continue
    const one = known.get(key)
    if (one) {
      one.by.push(by)
      one.bytes ??= bytes
      one.url ??= url
      continue
    }
    const family = familyOf(null, name, role)
    known.set(key, { name, folder: lastOf(folder), role, family, bytes, url, by: [by] })
  }
  return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
