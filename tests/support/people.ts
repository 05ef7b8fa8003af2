import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createAttempts, openPeople, type People, type PeopleOptions } from '../../electron/people'
import { hashOf } from '../../electron/people/key'
import type { KeptKey, PeopleFile } from '../../electron/people/record'
import { memoryStore, quickHasher } from './access'

/** What the audit log was told. */
export interface Told {
  who: string
  action: string
  target: string
  details?: Record<string, string | number>
}

/** A file of people in a folder of its own, with a clock that a test sets; `open` again is a restart. */
export async function testPeople() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-people-'))
  const file = path.join(folder, 'people.json')
  const clock = { wall: 1_700_000_000_000, steady: 0 }
  const told: Told[] = []
  const failed: unknown[] = []
  const events: Parameters<NonNullable<PeopleOptions['publish']>>[0][] = []
  const note = (entry: Told) => Promise.resolve(void told.push(entry))
  const store = memoryStore()
  const opened: People[] = []
  return {
    ...{ folder, file, clock, told, failed, events },
    pass(ms: number) {
      clock.wall += ms
      clock.steady += ms
    },
    async open(former: ReturnType<PeopleOptions['former']> = {}): Promise<People> {
      const wall = () => clock.wall
      const steady = () => clock.steady
      const people = await openPeople({
        ...{ file, wall, steady, hasher: quickHasher(), former: () => former },
        audit: { append: note, appendFirst: note },
        attempts: createAttempts({ store, wall, steady }),
        publish: (event) => void events.push(event),
        reportError: (error) => void failed.push(error),
      })
      opened.push(people)
      return people
    },
    async remove() {
      for (const people of opened) await people.close().catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const anna = { id: 'anna', name: 'Anna', role: 'user' as const }

/** A key for everything and for ever. */
export const anyKey = (userId: string) => ({ userId, name: 'script', services: null, expiresAt: null, panel: false })

/** What a file of people holds with as many more people and keys as are wanted; the keys are good for an hour. */
export function crowded(
  file: PeopleFile,
  { people, keys, ownerOf, now }: { people: number; keys: string[]; ownerOf: (n: number) => string; now: number },
): PeopleFile {
  const pattern = file.people.find(({ role }) => role === 'user')
  if (!pattern) throw new Error('nobody')
  const key = (text: string, n: number): KeptKey => ({
    ...{ id: `key-${n}`, userId: ownerOf(n), name: `key ${n}`, services: n % 2 ? ['comfy'] : null, panel: false },
    ...{ hash: hashOf(text), createdAt: now, expiresAt: now + 3600_000 },
    ...{ graceUntil: null, replacedBy: null, endedAt: null, limits: pattern.limits },
  })
  const more = Array.from({ length: people }, (_, n) => ({ ...pattern, id: `p${n}` }))
  return { ...file, people: [...file.people, ...more], keys: keys.map(key) }
}
