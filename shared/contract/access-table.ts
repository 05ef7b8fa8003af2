import type { Access } from './base'
import type { PanelEvent } from './system'
import { proceduresOf } from './walk'

/** Who is told of what happens, by `GET /events`. Whose an event is, for `own` and `shared`, `accountOfEvent` says. */
export const eventAccess: Readonly<Record<PanelEvent['type'], Access>> = {
  hello: 'user',
  gap: 'user',
  service: 'user',
  'service-removed': 'user',
  generation: 'shared',
  'generation-removed': 'shared',
  credential: 'admin',
  'credential-removed': 'admin',
  rotation: 'admin',
  'rotation-schedule': 'admin',
  'rotation-round': 'admin',
  'rotation-due': 'admin',
  vault: 'admin',
  preferences: 'own',
  gallery: 'user',
  workflows: 'user',
  'gallery-shared': 'user',
  gateway: 'user',
  settings: 'admin',
  access: 'admin',
  user: 'own',
  'user-removed': 'admin',
  key: 'own',
  sessions: 'admin',
  engine: 'admin',
  card: 'user',
  timeline: 'admin',
  'door-test': 'admin',
  deployment: 'admin',
  update: 'admin',
  golden: 'admin',
  'load-test': 'admin',
  releases: 'admin',
  attention: 'admin',
  backups: 'admin',
  models: 'admin',
  alerts: 'admin',
  'alert-told': 'admin',
}

/** The account that an event is about; null where it is about none. */
export function accountOfEvent(event: PanelEvent): string | null {
  if (event.type === 'generation') return event.generation.by
  if (event.type === 'preferences') return event.account
  if (event.type === 'user') return event.user.id
  if (event.type === 'key') return event.key.userId
  return event.type === 'generation-removed' ? event.by : null
}

/** What the HTTP door answers beside the procedures: the program itself and its description, nothing of this panel's. */
const routeAccess: Readonly<Record<string, Access>> = {
  '/': 'public',
  '/assets/{file}': 'public',
  '/signin': 'public',
  '/api/v1/openapi.json': 'public',
  '/api/v1/docs': 'public',
  '/docs': 'public',
  /** Or the token that was made for it. */
  '/metrics': 'admin',
  /** Each call over it is a procedure of its own. */
  '/rpc/ws': 'public',
}

export interface AccessRow {
  of: 'procedure' | 'event' | 'route'
  /** A procedure as RPC names it, the type of an event, or a path. */
  name: string
  access: Access
}

/** Who may what: every procedure of a contract, every event and every further route, a row each. */
export function accessTable(contract: object): AccessRow[] {
  const rows = (of: AccessRow['of'], table: Readonly<Record<string, Access>>) =>
    Object.entries(table).map(([name, access]) => ({ of, name, access }))
  const procedures = proceduresOf(contract).map(({ name, access }) => ({ of: 'procedure' as const, name, access }))
  return [...procedures, ...rows('event', eventAccess), ...rows('route', routeAccess)]
}
