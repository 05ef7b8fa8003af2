import type { Table } from '../row'
import { loginTables } from './login'
import { maskTables } from './masks'
import { promptTables } from './prompts'
import { runTables } from './runs'
import { serverTables } from './server'
import { stateTables } from './states'
import type { ComfyuiWorld } from './world'

/** Everything that a ComfyUI is asked, in this order: what changes the most comes last. */
export const comfyuiTables: readonly Table<ComfyuiWorld>[] = [
  ...loginTables,
  ...serverTables,
  ...maskTables,
  ...promptTables,
  ...runTables,
  ...stateTables,
]
