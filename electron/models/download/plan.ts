import path from 'node:path'
import type { ModelDownloadPlan } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { roomOn } from '../../storage/disk'
import type { CollectedFolder } from '../collect'
import { idOf } from '../entries'
import { runsCode } from '../formats'
import { lookAt } from '../scan'
import { readAddress, shownAddress, type ModelAddress } from './address'
import { look, type Looked } from './look'
import { modelFileName } from './name'
import type { Ask } from './wire'

/** What a person wants to have. */
export interface Wanted {
  address: string
  folderId: string
  name?: string | undefined
  sha256?: string | undefined
  credentialId?: string | undefined
  allowPrivate?: boolean | undefined
}

/** What is known before anything is fetched. */
export interface Planned {
  plan: ModelDownloadPlan
  address: ModelAddress
  looked: Looked
  /** Where the file comes. */
  target: string
}

export interface PlanNeeds {
  ask: Ask
  folders: () => readonly CollectedFolder[]
  /** A hub's token; throws a Problem where the vault is locked or has none of that id. */
  tokenOf: (credentialId: string | null) => Promise<string | null>
  room?: (folder: string) => Promise<number>
}

/** Looks at what is asked for, and where it would come. Throws Problems; nothing is written. */
export async function planDownload(wanted: Wanted, needs: PlanNeeds, signal: AbortSignal): Promise<Planned> {
  const folder = needs.folders().find((one) => idOf(one.path) === wanted.folderId)
  if (folder?.state !== 'read' || !folder.writable) throw new Problem('library.no-folder')
  const address = readAddress(wanted.address)
  const token = await needs.tokenOf(wanted.credentialId ?? null)
  const privateHost = wanted.allowPrivate === true ? address.url.host : null
  const looked = await look(needs.ask, address, { token, privateHost, signal })
  const name = wanted.name === undefined ? looked.name : modelFileName(wanted.name)
  if (name === null) throw new Problem('library.name')
  const target = path.join(folder.path, name)
  const roomBytes = await (needs.room ?? roomOn)(folder.path)
  const given = wanted.sha256?.toLowerCase() ?? null
  if (given !== null && looked.sha256 !== null && given !== looked.sha256)
    throw new Problem('library.other-hash', { host: looked.hosts[0] ?? '' })
  return {
    ...{ address, looked, target },
    plan: {
      ...{ address: shownAddress(address.url), hosts: looked.hosts, name, folder: folder.path, bytes: looked.bytes },
      ...{ leftBytes: Math.round(roomBytes - looked.bytes), canResume: looked.canResume && looked.etag !== null },
      ...{
        sha256: given ?? looked.sha256,
        hashFrom: given !== null ? 'person' : looked.sha256 === null ? null : 'hub',
      },
      ...{ runsCode: runsCode(name), exists: (await lookAt(target)) !== null },
    },
  }
}
