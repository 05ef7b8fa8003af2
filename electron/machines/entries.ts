import * as z from 'zod'
import { MachineAddress, Slug } from '../../shared/contract'

/** A machine as it stands in the configuration file. */
export const MachineEntry = z.object({ id: Slug, name: z.string().min(1).max(64), address: MachineAddress })
export type MachineEntry = z.infer<typeof MachineEntry>

/** Regie's own machine. */
export const localId = 'local'

export interface EntryStore {
  read(): unknown
  write(entries: readonly unknown[]): void
}

/** Those that can be read; what a later Regie wrote, or a hand, stays in the file as it is. */
export function readEntries(store: EntryStore): { entries: MachineEntry[]; unreadable: unknown[] } {
  const stored = store.read()
  const all: unknown[] = Array.isArray(stored) ? stored : []
  const entries: MachineEntry[] = []
  const unreadable: unknown[] = []
  for (const one of all) {
    const read = MachineEntry.safeParse(one)
    const isNew = read.success && read.data.id !== localId && entries.every(({ id }) => id !== read.data.id)
    if (isNew) entries.push(read.data)
    else unreadable.push(one)
  }
  return { entries, unreadable }
}

/** Whether two addresses are one: `/` at the end and the case of a host do not count. */
export function isSameAddress(one: MachineAddress, other: MachineAddress): boolean {
  if (one.by === 'context' || other.by === 'context')
    return one.by === 'context' && other.by === 'context' && one.context === other.context
  const plain = (address: string) => address.trim().replace(/\/+$/, '').toLowerCase()
  return plain(one.address) === plain(other.address)
}
