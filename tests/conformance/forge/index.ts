import type { Table } from '../row'
import { doorTables } from './doors'
import { jobTables } from './jobs'
import { queueTables } from './queue'
import { routeTables } from './routes'
import type { ForgeWorld } from './world'

/** Everything that a Forge is asked, in this order: what changes the most comes last. */
export const forgeTables: readonly Table<ForgeWorld>[] = [...routeTables, ...doorTables, ...queueTables, ...jobTables]
