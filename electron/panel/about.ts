import { version } from '../../package.json'
import type { About, VaultStatus } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { Gallery } from '../generation'
import type { Ledger } from '../ledger'
import type { People } from '../people'
import type { Rotations } from '../rotation/rotation'
import type { Updates } from '../updates/updates'
import type { WorkflowLibrary } from '../workflows'
import type { PanelOptions } from './options'

/** Put in at build time (vite.config.ts): the commit that was built, null where that was not known. */
declare const BUILT_COMMIT: string | null | undefined

/** The first 12 digits of the commit that was built; null where it was built outside a repository. */
const commit = typeof BUILT_COMMIT === 'string' ? BUILT_COMMIT : null

interface Described {
  options: Pick<PanelOptions, 'dataFolder' | 'demo' | 'notices'>
  gallery: Pick<Gallery, 'notice'>
  ledger: Pick<Ledger, 'notice'>
  audit: Pick<Audit, 'notices'>
  people: Pick<People, 'notices'>
  vault: { status(): VaultStatus }
  rotations: Pick<Rotations, 'notices'>
  updates: Pick<Updates, 'notices'>
  workflows: Pick<WorkflowLibrary, 'notices'>
  /** What beside Regie works with its services, puts them to sleep or goes around their gateways. */
  rivals: () => Reason[]
  alerts: () => Reason[]
}

/** What this program is, where it keeps its data, and what stands to be told. */
export function describePanel({
  options,
  gallery,
  ledger,
  audit,
  people,
  vault,
  rotations,
  updates,
  workflows,
  rivals,
  alerts,
}: Described): () => About {
  const startedAt = Date.now()
  const { dataFolder, demo } = options
  return () => {
    const { state, reason: why, keeper } = vault.status()
    return {
      version,
      commit,
      platform: `${process.platform} ${process.arch}`,
      nodeVersion: process.versions.node,
      electronVersion: 'electron' in process.versions ? process.versions.electron : null,
      dataFolder,
      startedAt,
      demo,
      notices: [
        ...options.notices,
        gallery.notice,
        ledger.notice,
        ...audit.notices(),
        ...people.notices(),
        state === 'open' ? why : null,
        ...rotations.notices(),
        ...updates.notices(),
        ...workflows.notices(),
        ...rivals(),
        ...alerts(),
        keeper === 'key-file' ? reason('demo.key-file') : null,
      ].filter((notice) => notice !== null && notice !== undefined),
    }
  }
}
