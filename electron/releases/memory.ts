import * as z from 'zod'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import { compareVersions } from './description'

const Attempt = z.object({ from: z.string(), to: z.string() })

const Memory = z.object({
  /** The newest version of a believed signature, of one feed and channel: an older one of its descriptions is old news. */
  newest: z.object({ of: z.string(), version: z.string() }).nullable().catch(null),
  /** An installation that was begun, from which version to which. */
  attempt: Attempt.nullable().catch(null),
})
type Memory = z.infer<typeof Memory>

const nothing: Memory = { newest: null, attempt: null }

function read(bytes: Buffer | null): Memory {
  if (!bytes) return nothing
  try {
    return Memory.catch(nothing).parse(JSON.parse(bytes.toString()))
  } catch {
    // With it is lost what was offered before, and nothing of a person's: an older version than the one that runs is
    // never taken.
    return nothing
  }
}

/** What is remembered of feeds over restarts, in a file. */
export async function openReleaseMemory(file: string) {
  let memory = read(await readIfPresent(file))
  const change = async (some: Partial<Memory>) => {
    memory = { ...memory, ...some }
    await writeFileAtomic(file, JSON.stringify(memory))
  }
  return {
    newestOf: (of: string): string | null => (memory.newest?.of === of ? memory.newest.version : null),
    async offered(of: string, version: string) {
      const known = memory.newest?.of === of ? memory.newest.version : null
      if (known === null || compareVersions(version, known) > 0) await change({ newest: { of, version } })
    },
    attempt: () => memory.attempt,
    tries: (attempt: z.infer<typeof Attempt> | null) => change({ attempt }),
  }
}

export type ReleaseMemory = Awaited<ReturnType<typeof openReleaseMemory>>
