import * as z from 'zod'
import { ExposureTest } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { moveAside, readIfPresent, writeFileAtomic } from '../storage/files'

const Kept = z.object({ version: z.literal(1), tests: z.array(ExposureTest) })

function parse(text: string): z.infer<typeof Kept> | null {
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** The last finished test of every service, in one file. One that cannot be read is moved aside. */
export async function openRecords(file: string) {
  const text = (await readIfPresent(file))?.toString('utf8') ?? null
  const kept = text === null ? null : parse(text)
  if (text !== null && kept === null) await moveAside(file, Date.now())
  const tests = new Map((kept?.tests ?? []).map((test) => [test.serviceId, test]))
  const inTurn = createSerial()
  const write = () => inTurn(() => writeFileAtomic(file, JSON.stringify({ version: 1, tests: [...tests.values()] })))
  return {
    get: (serviceId: string): ExposureTest | null => tests.get(serviceId) ?? null,
    all: (): ExposureTest[] => [...tests.values()],
    keep(test: ExposureTest): Promise<void> {
      tests.set(test.serviceId, test)
      return write()
    },
    async forget(serviceId: string): Promise<void> {
      if (tests.delete(serviceId)) await write()
    },
    /** Resolves when everything is on disk. */
    settle: inTurn.settled,
  }
}
