import * as z from 'zod'
import type { EngineInfo } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { isRemote, type Endpoint } from './endpoint'
import type { Answer, Link } from './link'

/** What answered is no Docker engine, or one that is not well. */
export class AnswerFailure extends Error {
  override readonly name = 'AnswerFailure'
  constructor(readonly answer: Pick<Answer, 'status' | 'body'>) {
    super(`the engine answered ${answer.status}`)
  }
}

/** The API's versions that Regie speaks. */
const oldest = '1.40'
const newest = '1.51'

const VersionAnswer = z.object({
  Version: z.string().default(''),
  ApiVersion: z.string().regex(/^\d+\.\d+$/),
  MinAPIVersion: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional()
    .catch(undefined),
})
export type VersionAnswer = z.infer<typeof VersionAnswer>

const InfoAnswer = z.object({
  OperatingSystem: z.string().catch(''),
  CgroupDriver: z.string().catch(''),
  SecurityOptions: z.array(z.string()).nullish().catch(null),
  Runtimes: z.record(z.string(), z.unknown()).nullish().catch(null),
  CDISpecDirs: z.array(z.string()).nullish().catch(null),
  SystemTime: z.string().catch(''),
  MemTotal: z.number().positive().nullable().catch(null),
})

/** -1, 0 or 1 as `1.9` and `1.10` compare. */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return Math.sign(majorA - majorB || minorA - minorB)
}

/** The version that both sides speak. Throws a Problem when there is none. `pinned`: DOCKER_API_VERSION. */
export function chooseVersion(engine: VersionAnswer, pinned: string | null): string {
  const { ApiVersion: highest, MinAPIVersion: lowest = '1.12', Version: version } = engine
  const params = { version: version || '?', api: highest, lowest, oldest, newest }
  if (compareVersions(highest, oldest) < 0) throw new Problem('docker.api-too-old', params)
  if (compareVersions(lowest, newest) > 0) throw new Problem('docker.api-too-new', params)
  if (pinned !== null && compareVersions(pinned, lowest) >= 0 && compareVersions(pinned, highest) <= 0) return pinned
  return compareVersions(highest, newest) < 0 ? highest : newest
}

/** Asks whether an engine is there, which API it speaks, and its clock (Unix ms). Throws what the link throws, an AnswerFailure, a Problem. */
export async function negotiate(
  link: Link,
  pinned: string | null,
): Promise<{ version: string; api: string; clock: number }> {
  const ping = await link.ask('/_ping')
  if (ping.status !== 200) throw new AnswerFailure(ping)
  const answer = await link.ask('/version')
  if (answer.status !== 200) throw new AnswerFailure(answer)
  const parsed = VersionAnswer.safeParse(parseJson(answer.body))
  if (!parsed.success) throw new AnswerFailure(answer)
  const clock = Date.parse(ping.headers.date ?? '') || Date.now()
  const api = chooseVersion(parsed.data, pinned)
  return { version: parsed.data.Version, api, clock }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads `/info` into what Regie shows of an engine. */
export function readInfo(info: unknown, endpoint: Endpoint, known: { version: string; api: string }): EngineInfo {
  const { OperatingSystem, CgroupDriver, SecurityOptions, Runtimes, CDISpecDirs, MemTotal } = InfoAnswer.parse(
    info ?? {},
  )
  const isRootless = SecurityOptions?.some((option) => option.includes('name=rootless')) ?? false
  const hasNvidia = Runtimes ? Object.hasOwn(Runtimes, 'nvidia') : false
  const kind = isRemote(endpoint)
    ? 'remote'
    : OperatingSystem.startsWith('Docker Desktop')
      ? 'desktop'
      : isRootless
        ? 'rootless'
        : 'native'
  return {
    version: known.version,
    apiVersion: known.api,
    kind,
    operatingSystem: OperatingSystem,
    // With CDI there is no such runtime, and GPUs may be there all the same.
    nvidiaRuntime: hasNvidia ? true : CDISpecDirs && CDISpecDirs.length > 0 ? null : false,
    cgroupDriver: CgroupDriver,
    memoryBytes: MemTotal,
  }
}

/** The engine's clock as `/info` tells it, exact to the millisecond; `fallback` where it does not. */
export const readClock = (info: unknown, fallback: number): number =>
  Date.parse(InfoAnswer.parse(info ?? {}).SystemTime) || fallback
