import type { Generation } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { closeDatabase, openDatabase, type Database } from '../storage/database'
import { createBinRecords, type BinRecords } from './bin'
import { createInputRecords, type InputRecords } from './inputs/records'
import { migrations } from './migrations'
import { createModelUse, type ModelUse } from './model-use'
import { createNotes, type Notes } from './notes'
import { createPresets, type Presets } from './presets'
import { createStore, type GenerationStore } from './store'

/** The last generations of a service that ended well and badly, as far as they are kept. */
export interface LastOfService {
  succeeded: Generation | null
  failed: Generation | null
}

/** The records of all generations, before and after there are services that make new ones. */
export interface Gallery {
  store: GenerationStore
  notes: Notes
  bin: BinRecords
  presets: Presets
  inputs: InputRecords
  /** Its database, for the records that stand beside those of generations. */
  database: Database
  /** What to tell the user about its database, e.g. that an unreadable one was moved aside. */
  notice: Reason | null
  /** Asked at every look at a service: answered from memory until a record is written. */
  lastOf(serviceId: string): LastOfService
  /** Which files of models records name, and when last. */
  modelUse(): ModelUse[]
  close(): void
}

/** Opens the gallery's database. `file` is its absolute path. */
export async function openGallery(file: string): Promise<Gallery> {
  const { database, kept } = await openDatabase(file, migrations)
  const known = new Map<string, LastOfService>()
  const store = createStore(database, () => known.clear())
  const last = (serviceId: string, state: 'succeeded' | 'failed') =>
    store.page({ limit: 1, serviceId, state }).items[0] ?? null
  return {
    store,
    notes: createNotes(database),
    bin: createBinRecords(database),
    presets: createPresets(database),
    inputs: createInputRecords(database),
    database,
    notice: kept === null ? null : reason('database.moved-aside', { kept }),
    lastOf(id) {
      const found = known.get(id) ?? { succeeded: last(id, 'succeeded'), failed: last(id, 'failed') }
      known.set(id, found)
      return found
    },
    modelUse: createModelUse(database),
    close: () => closeDatabase(database),
  }
}
