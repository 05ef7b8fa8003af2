import { compare, hash } from 'bcryptjs'
import { createAccess } from '../../electron/access'
import type { ConfigStore } from '../../electron/storage/config'
import type { Audit } from '../../electron/audit/audit'
import type { Hasher } from '../../electron/credentials/hasher'

/** A configuration store that lives in memory; `values` outlives a restart. */
export const memoryStore = (values = new Map<string, unknown>()): ConfigStore & { all(): string } => ({
  path: '',
  get: (key) => structuredClone(values.get(key)),
  set: (key, value) => void values.set(key, value),
  has: (key) => values.has(key),
  all: () => JSON.stringify([...values]),
})

/** bcrypt at its lowest cost, on this thread, counting what it was asked. */
export function quickHasher(): Hasher & { compared: number } {
  const hasher = {
    cost: 4,
    compared: 0,
    hash: (password: string) => hash(password, 4),
    compare(password: string, known: string) {
      hasher.compared += 1
      return compare(password, known)
    },
    close: () => Promise.resolve(),
  }
  return hasher
}

/** Access on stores of its own, with clocks that a test sets; what the audit log was told is kept. */
export function testAccess(options: { config?: ConfigStore; store?: ConfigStore; tickMs?: number } = {}) {
  const clock = { wall: 1_700_000_000_000, steady: 0 }
  const told: { who: string; action: string }[] = []
  const hasher = quickHasher()
  const config = options.config ?? memoryStore()
  const store = options.store ?? memoryStore()
  const audit = { append: (entry: { who: string; action: string }) => Promise.resolve(void told.push(entry)) }
  const access = createAccess({
    config,
    store,
    hasher,
    audit: audit as Partial<Audit> as Audit, // passwords only append
    publish: () => undefined,
    wall: () => clock.wall,
    steady: () => clock.steady,
    ...(options.tickMs !== undefined && { tickMs: options.tickMs }),
  })
  const setPassword = (role: 'admin' | 'user', password: string | null, current?: string) =>
    access.setPassword({ role, password, current, login: 'desktop', by: null, who: 'owner' })
  const pass = (ms: number) => {
    clock.wall += ms
    clock.steady += ms
  }
  return { access, config, store, hasher, clock, pass, told, setPassword }
}
