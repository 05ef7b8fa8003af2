import { allFields, type Field } from '../../../electron/gpu/fields'
import { parseGpuRow, type GpuRow } from '../../../electron/gpu/parse-gpus'

/** What the cases in `tests/cases/nvidia-smi` were asked for: from before compute capability, reasons of a slowdown and hardware were. */
export const casesQuery = allFields
  .filter(({ as }) => as !== 'hardware')
  .map(({ query }) => query)
  .filter((query) => query !== 'compute_cap' && !query.startsWith('clocks_'))
  .join(',')

/** The columns of a query by their names, in the order in which a recorded output was asked for. */
export const columns = (query: string): Field[] =>
  query.split(',').map((name) => {
    const field = allFields.find((one) => one.query === name)
    if (!field) throw new Error(`no field ${name}`)
    return field
  })

/** Parses a whole output; lines that are no rows are left out. */
export const rowsOf = (output: string, query: string): GpuRow[] =>
  output.split('\n').flatMap((line) => parseGpuRow(line, columns(query)) ?? [])
