import type Dockerode from 'dockerode'
import type { ContainerDetails, EffectiveGpu } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import { containerProblem, shortId } from '../exec'
import { describeContainer } from './details'
import type { KnownGpu } from './gpu'
import type { KnownSecrets } from './mask'
import { Inspected, InspectedEngine, InspectedImage } from './schema'

export type { KnownGpu } from './gpu'
export type { KnownSecrets } from './mask'

export interface InspectContext {
  known: KnownSecrets
  /** The GPUs of this machine. */
  gpus: readonly KnownGpu[]
  /** The GPU that the service is meant to use. */
  wantedUuid: string | null
  now?: () => number
}

/** WSL2 shows in the kernel's name; a remote engine's GPUs are not those of this machine. */
async function platformOf(client: Dockerode, engine: Pick<Engine, 'status'>): Promise<EffectiveGpu['platform']> {
  if (engine.status().info?.kind === 'remote') return 'elsewhere'
  const info = InspectedEngine.safeParse(await client.info())
  return info.success && /microsoft|wsl/i.test(info.data.KernelVersion) ? 'wsl' : 'native'
}

async function imageNow(client: Dockerode, name: string) {
  try {
    const answer: unknown = await client.getImage(name).inspect()
    const image = InspectedImage.safeParse(answer)
    return image.success ? image.data : 'unknown'
  } catch (error) {
    return error instanceof Error && 'statusCode' in error && error.statusCode === 404 ? null : 'unknown'
  }
}

/** What the engine knows of a container, without its secrets. Throws a Problem when it is gone or there is no engine. */
export async function inspectContainer(
  engine: Pick<Engine, 'client' | 'status'>,
  containerId: string,
  { known, gpus, wantedUuid, now = Date.now }: InspectContext,
): Promise<ContainerDetails> {
  const client = await engine.client()
  try {
    const answer: unknown = await client.getContainer(containerId).inspect()
    const inspected = Inspected.safeParse(answer)
    if (!inspected.success)
      throw new Problem('container.unreadable', {
        container: shortId(containerId),
        // The path alone: what stands there may be secret.
        detail: inspected.error.issues[0]?.path.join('.') ?? '',
      })
    const [image, platform] = await Promise.all([
      imageNow(client, inspected.data.Config.Image),
      platformOf(client, engine),
    ])
    return describeContainer(inspected.data, { now: now(), known, platform, gpus, wantedUuid, image })
  } catch (error) {
    throw containerProblem(error, containerId)
  }
}
