import type { Generation } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { closeDatabase, openDatabase } from '../storage/database'
import { createStore, migrations, type GenerationStore } from './store'

/** The records of all generations, before and after there are services that make new ones. */
export interface Gallery {
  store: GenerationStore
  /** What to tell the user about its database, e.g. that an unreadable one was moved aside. */
  notice: Reason | null
  /** The last generations of a service that ended well and badly, as far as they are kept. */
  lastOf(serviceId: string): { succeeded: Generation | null; failed: Generation | null }
  close(): void
}

/** Opens the gallery's database. `file` is its absolute path. */
export async function openGallery(file: string): Promise<Gallery> {
  const { database, notice } = await openDatabase(file, migrations)
  const store = createStore(database)
  const last = (serviceId: string, state: 'succeeded' | 'failed') =>
    store.page({ limit: 1, serviceId, state }).items[0] ?? null
  return {
    store,
    notice,
    lastOf: (id) => ({ succeeded: last(id, 'succeeded'), failed: last(id, 'failed') }),
    close: () => closeDatabase(database),
  }
}
