import type { ModelsFolder, Service } from '../../../../../shared/contract'

/** What each part of a folder's card gets. */
export interface FolderProps {
  service: Service
  folder: ModelsFolder
  /** A copy of this service is under way. */
  isBusy: boolean
  keep: (copy: NonNullable<ModelsFolder['copy']>) => unknown
  lookAgain: () => void
}
