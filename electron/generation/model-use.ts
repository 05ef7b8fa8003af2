import * as z from 'zod'
import type { Database } from '../storage/database'

/** When a file was last named by a generation, as its service calls it. */
export interface ModelUse {
  serviceId: string
  name: string
  at: number
}

const Row = z.object({ service_id: z.string(), name: z.string(), at: z.number() })

/** Main models and LoRAs that the records of generations name, each with its last time; removed ones count too. */
export function createModelUse(database: Database): () => ModelUse[] {
  const main = database.prepare(
    'SELECT service_id, model AS name, MAX(created_at) AS at FROM generations WHERE model IS NOT NULL GROUP BY 1, 2',
  )
  const loras = database.prepare(
    `SELECT g.service_id, l.value ->> '$.name' AS name, MAX(g.created_at) AS at
     FROM generation_records r JOIN generations g USING (seq), json_each(r.record, '$.params.loras') l
     WHERE instr(r.record, '"loras":[{') > 0 GROUP BY 1, 2`,
  )
  return () =>
    [...main.all(), ...loras.all()].flatMap((row) => {
      const read = Row.safeParse(row)
      return read.success ? [{ serviceId: read.data.service_id, name: read.data.name, at: read.data.at }] : []
    })
}
