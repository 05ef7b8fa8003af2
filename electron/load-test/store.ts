import * as z from 'zod'
import { LoadTest, LoadTestImage, LoadTestVram } from '../../shared/contract'
import type { LoadMeasured } from '../../shared/load-report'
import type { Database } from '../storage/database'

/** So many load tests of a service are kept. */
const mostKept = 50

const Row = z.object({ record: z.string() })
const MeasuredRow = z.object({ measured: z.string() })
const Measured = z.object({
  images: z.array(LoadTestImage),
  vram: z.array(LoadTestVram),
  vramTotalMiB: z.number().nullable(),
  elapsedMs: z.number(),
})

/** How load tests ended and what they measured. */
export type LoadTestStore = ReturnType<typeof createLoadTestStore>

const readTest = (row: unknown): LoadTest => LoadTest.parse(JSON.parse(Row.parse(row).record))

/** Load tests in the gallery's database. */
export function createLoadTestStore(database: Database) {
  const sql = {
    put: database.prepare(
      `INSERT INTO load_tests (id, service_id, record, measured) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET record = excluded.record, measured = excluded.measured`,
    ),
    find: database.prepare('SELECT record FROM load_tests WHERE service_id = ? AND id = ?'),
    measured: database.prepare('SELECT measured FROM load_tests WHERE service_id = ? AND id = ?'),
    page: database.prepare('SELECT record FROM load_tests WHERE service_id = ? ORDER BY seq DESC'),
    open: database.prepare("SELECT record FROM load_tests WHERE record ->> '$.finishedAt' IS NULL"),
    thin: database.prepare(
      `DELETE FROM load_tests WHERE service_id = ?1 AND seq NOT IN
       (SELECT seq FROM load_tests WHERE service_id = ?1 ORDER BY seq DESC LIMIT ${mostKept})`,
    ),
    remove: database.prepare('DELETE FROM load_tests WHERE service_id = ? AND id = ?'),
    forget: database.prepare('DELETE FROM load_tests WHERE service_id = ?'),
  }
  const measured = (serviceId: string, id: string): LoadMeasured | null => {
    const row = sql.measured.get(serviceId, id)
    return row === undefined ? null : Measured.parse(JSON.parse(MeasuredRow.parse(row).measured))
  }
  return {
    /** Keeps one as it is now; the oldest of its service beyond the bound go. */
    put(test: LoadTest, { images, vram, vramTotalMiB, elapsedMs }: LoadMeasured): void {
      const kept = JSON.stringify({ images, vram, vramTotalMiB, elapsedMs })
      sql.put.run(test.id, test.serviceId, JSON.stringify(test), kept)
      sql.thin.run(test.serviceId)
    },
    find(serviceId: string, id: string): LoadTest | null {
      const row = sql.find.get(serviceId, id)
      return row === undefined ? null : readTest(row)
    },
    measured,
    /** The newest first. */
    tests: (serviceId: string): LoadTest[] => sql.page.all(serviceId).map(readTest),
    /** Those of which the end was not noted. */
    open: (): LoadTest[] => sql.open.all().map(readTest),
    /** Notes how one ended; what it measured stays. */
    close(test: LoadTest): void {
      const known = measured(test.serviceId, test.id)
      if (known) this.put(test, known)
    },
    remove(serviceId: string, id: string): void {
      sql.remove.run(serviceId, id)
    },
    forget(serviceId: string): void {
      sql.forget.run(serviceId)
    },
  }
}
