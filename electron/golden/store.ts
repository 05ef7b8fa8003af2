import * as z from 'zod'
import { GoldenCheck, GoldenSettings } from '../../shared/contract'
import type { Database } from '../storage/database'

/** So many checks of a service are kept. */
const mostKept = 1000

const Row = z.object({ record: z.string() })
const ServiceRow = z.object({ settings: z.string(), golden_id: z.string().nullable() })
const Id = z.object({ service_id: z.string() })

const firstSettings: GoldenSettings = { afterStart: false, afterUpdate: false, daily: false, params: {} }

/** What is kept of golden checks: settings, the golden one of each service, and how the checks ended. */
export type GoldenStore = ReturnType<typeof createGoldenStore>

const readCheck = (row: unknown): GoldenCheck => GoldenCheck.parse(JSON.parse(Row.parse(row).record))

/** Whether it says anything of the service: a check that was cancelled or could not be made does not. */
const tells = ({ state }: GoldenCheck) => state === 'passed' || state === 'warning' || state === 'failed'

const prepare = (database: Database) => ({
  service: database.prepare('SELECT settings, golden_id FROM golden_services WHERE service_id = ?'),
  put: database.prepare(
    `INSERT INTO golden_services (service_id, settings, golden_id) VALUES (?, ?, ?)
     ON CONFLICT (service_id) DO UPDATE SET settings = excluded.settings, golden_id = excluded.golden_id`,
  ),
  add: database.prepare('INSERT INTO golden_checks (id, service_id, at, record) VALUES (?, ?, ?, ?)'),
  replace: database.prepare('UPDATE golden_checks SET record = ? WHERE id = ?'),
  find: database.prepare('SELECT record FROM golden_checks WHERE service_id = ? AND id = ?'),
  page: database.prepare('SELECT record FROM golden_checks WHERE service_id = ? AND at >= ? ORDER BY seq DESC LIMIT ?'),
  ids: database.prepare(
    'SELECT service_id FROM golden_services UNION SELECT service_id FROM golden_checks ORDER BY service_id',
  ),
  thin: database.prepare(
    `DELETE FROM golden_checks WHERE service_id = ?1 AND id IS NOT ?2 AND seq NOT IN
     (SELECT seq FROM golden_checks WHERE service_id = ?1 ORDER BY seq DESC LIMIT ${mostKept})`,
  ),
  forgetService: database.prepare('DELETE FROM golden_services WHERE service_id = ?'),
  forgetChecks: database.prepare('DELETE FROM golden_checks WHERE service_id = ?'),
})

/** Golden checks in the gallery's database. */
export function createGoldenStore(database: Database) {
  const sql = prepare(database)
  /** Asked at every look at a service. */
  const lasts = new Map<string, GoldenCheck | null>()

  const rowOf = (serviceId: string) => {
    const row = sql.service.get(serviceId)
    const { settings, golden_id: goldenId } =
      row === undefined ? { settings: '{}', golden_id: null } : ServiceRow.parse(row)
    const parsed = GoldenSettings.partial().parse(JSON.parse(settings))
    return { settings: { ...firstSettings, ...parsed } as GoldenSettings, goldenId } // a partial of whole values
  }
  const find = (serviceId: string, id: string): GoldenCheck | null => {
    const row = sql.find.get(serviceId, id)
    return row === undefined ? null : readCheck(row)
  }
  const checks = (serviceId: string, since = 0, limit = mostKept): GoldenCheck[] =>
    sql.page.all(serviceId, since, limit).map(readCheck)

  return {
    settings: (serviceId: string): GoldenSettings => rowOf(serviceId).settings,
    golden(serviceId: string): GoldenCheck | null {
      const { goldenId } = rowOf(serviceId)
      return goldenId === null ? null : find(serviceId, goldenId)
    },
    change(serviceId: string, settings: GoldenSettings): void {
      sql.put.run(serviceId, JSON.stringify(settings), rowOf(serviceId).goldenId)
    },
    accept(serviceId: string, checkId: string): void {
      sql.put.run(serviceId, JSON.stringify(rowOf(serviceId).settings), checkId)
    },
    find,
    checks,
    /** Keeps one that has ended; the oldest beyond the bound go, never the golden one. */
    add(check: GoldenCheck): void {
      sql.add.run(check.id, check.serviceId, check.startedAt, JSON.stringify(check))
      sql.thin.run(check.serviceId, rowOf(check.serviceId).goldenId)
      lasts.delete(check.serviceId)
    },
    /** Replaces what is kept of one. */
    update(check: GoldenCheck): void {
      sql.replace.run(JSON.stringify(check), check.id)
      lasts.delete(check.serviceId)
    },
    /** The last one that says something of the service. */
    last(serviceId: string): GoldenCheck | null {
      const known = lasts.get(serviceId)
      if (known !== undefined) return known
      const last = checks(serviceId, 0, 50).find(tells) ?? null
      lasts.set(serviceId, last)
      return last
    },
    services: (): string[] => sql.ids.all().map((row) => Id.parse(row).service_id),
    forget(serviceId: string): void {
      sql.forgetService.run(serviceId)
      sql.forgetChecks.run(serviceId)
      lasts.delete(serviceId)
    },
  }
}
