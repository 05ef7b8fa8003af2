import { stat } from 'node:fs/promises'
import type { ModelRole, ServiceConfig } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { kindOf } from '../kinds'
import { placeKey } from '../docker/mounts'
import { layoutOf, type Layout, type LayoutNeeds } from './layout'
import { placesOf, type SoughtFolder } from './places'
import { scanFolder, type FolderScan } from './scan'

/** A service that looks into a folder, and what it looks for there. */
export interface FolderUse {
  serviceId: string
  kind: ServiceConfig['kind']
  role: ModelRole
}

/** A folder with all who look into it, and what is in it. */
export interface CollectedFolder extends Omit<FolderScan, 'state'> {
  path: string
  folder: string
  role: ModelRole
  state: FolderScan['state'] | 'elsewhere'
  uses: FolderUse[]
  /** Its disk; null where it cannot be looked at. */
  device: string | null
}

export interface Collected {
  folders: CollectedFolder[]
  /** Of each service of which it is known. */
  layouts: Map<string, Layout>
  unknown: { id: string; reason: Reason }[]
  cut: boolean
}

/** So many files are listed of all folders together. */
const mostFiles = 50_000

const isReason = (value: object): value is Reason => 'problem' in value

interface Sought {
  at: SoughtFolder
  uses: FolderUse[]
  /** Where links in it may lead to, for one of those who look into it; null: anywhere. */
  within: string[] | null
}

/** Folders of all services, each once, with who looks into it. */
async function foldersOf(configs: readonly ServiceConfig[], needs: LayoutNeeds) {
  const unknown: Collected['unknown'] = []
  const known = new Map<string, Sought>()
  const layouts = new Map<string, Layout>()
  for (const config of configs) {
    const layout = await layoutOf(config, needs)
    if (layout === null) continue
    const places = isReason(layout) ? [] : await placesOf(layout, kindOf(config.kind).models)
    if (isReason(layout)) unknown.push({ id: config.id, reason: layout })
    else layouts.set(config.id, layout)
    const mounts = isReason(layout) ? null : layout.mounts
    const within = mounts && mounts.flatMap(({ place }) => place ?? [])
    for (const at of places) {
      const key = at.place === null ? `${config.id}\0${at.inside}` : placeKey(at.place)
      const use = { serviceId: config.id, kind: config.kind, role: at.role }
      const one = known.get(key)
      if (!one) known.set(key, { at, uses: [use], within })
      else {
        one.uses.push(use)
        one.within = one.within && within && [...one.within, ...within]
      }
    }
  }
  return { unknown, layouts, found: [...known.values()] }
}

const elsewhere = { state: 'elsewhere', writable: false, files: [], cut: false, device: null } as const

/** Looks into every folder of models of every service. Throws when it is aborted. */
export async function collect(
  configs: readonly ServiceConfig[],
  needs: LayoutNeeds,
  signal: AbortSignal,
): Promise<Collected> {
  const { unknown, layouts, found } = await foldersOf(configs, needs)
  let left = mostFiles
  const folders: CollectedFolder[] = []
  for (const { at, uses, within } of found) {
    const { folder, role, inside, place, writable } = at
    const about = { path: place ?? inside, folder, role, uses }
    if (place === null) {
      folders.push({ ...about, ...elsewhere, files: [] })
      continue
    }
    const scan = await scanFolder(place, left, within, signal)
    left -= scan.files.length
    const device = await stat(place, { bigint: true }).then(
      ({ dev }) => String(dev),
      () => null,
    )
    folders.push({ ...about, ...scan, device, writable: scan.writable && writable })
  }
  return { folders, layouts, unknown, cut: left <= 0 || folders.some((one) => one.cut) }
}
