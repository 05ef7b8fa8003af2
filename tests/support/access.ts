import { compare, hash } from 'bcryptjs'
import { createAccess, formerPasswords } from '../../electron/access'
import { createAttempts, createPeople } from '../../electron/people'
import type { ConfigStore } from '../../electron/storage/config'
import type { BookFile } from '../../electron/people/book'
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

/** The file of people that lies beside a configuration, in memory. */
const files = new WeakMap<ConfigStore, BookFile>()

function folderOf(config: ConfigStore): BookFile {
  const file: BookFile = files.get(config) ?? {
    content: null,
    write: (text) => Promise.resolve(void (file.content = Buffer.from(text))),
  }
  files.set(config, file)
  return file
}

/** What that file holds. */
export const peopleBeside = (config: ConfigStore): string => folderOf(config).content?.toString() ?? ''

/** Access on stores of its own, with clocks that a test sets; what the audit log was told is kept. */
export function testAccess(options: { config?: ConfigStore; store?: ConfigStore; tickMs?: number } = {}) {
  const clock = { wall: 1_700_000_000_000, steady: 0 }
  const told: { who: string; action: string }[] = []
  const hasher = quickHasher()
  const config = options.config ?? memoryStore()
  const store = options.store ?? memoryStore()
  const append = (entry: { who: string; action: string }) => Promise.resolve(void told.push(entry))
  const audit = { append, appendFirst: append }
  const wall = () => clock.wall
  const steady = () => clock.steady
  const attempts = createAttempts({ store, wall, steady })
  const people = createPeople(
    {
      ...{ file: 'people.json', former: formerPasswords(config).read, audit, hasher, attempts, wall, steady },
      reportError: (error) => {
        throw error
      },
    },
    folderOf(config),
  )
  const access = createAccess({
    ...{ config, people, attempts, audit, wall, steady, publish: () => undefined },
    ...(options.tickMs !== undefined && { tickMs: options.tickMs }),
  })
  const setPassword = (role: 'admin' | 'user', password: string | null, current?: string) =>
    access.setPassword({ role, password, current, login: 'desktop', by: null, who: 'owner' })
  const pass = (ms: number) => {
    clock.wall += ms
    clock.steady += ms
  }
  return { access, people, config, store, hasher, clock, pass, told, setPassword }
}
