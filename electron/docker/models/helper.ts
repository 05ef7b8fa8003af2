import type Dockerode from 'dockerode'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import { execCapture } from '../exec'

/** Containers that copy, and only these, carry it: with the id of their copy. Such are never anybody else's. */
export const helperLabel = 'regie.models-copy'
/** Volumes that Regie made for models, with the service that they were made for. */
const volumeLabel = 'regie.models'

const from = '/regie-from'
const to = '/regie-to'

/** What is copied with: of GNU or of BusyBox, one of which every usual image has. */
const programs = ['find', 'stat', 'dd', 'tee', 'sha256sum', 'mkdir', 'chmod']

export interface HelperOrder {
  id: string
  /** The service's own image, by id: nothing is downloaded. */
  image: string
  /** As the engine names the folder. */
  source: string
  volume: string
  pieceMiB: number
}

/** A container without a network that sees the folder, read-only, and the volume. */
export interface Helper {
  /** Runs a program in it; both folders stand at the places named below. Throws a Problem. */
  run: (
    argv: readonly string[],
    options: { timeoutMs: number; signal: AbortSignal },
  ) => Promise<{ ok: boolean; out: string }>
  from: string
  to: string
  /** A piece is hashed and noted as a whole: what a cut costs at most, and how often progress is told. */
  pieceMiB: number
  remove: () => Promise<void>
}

/**
 * Starts the container. It writes as every user of the service's container may, as on a Windows drive. Throws
 * `models.no-tools` when the image lacks what is needed, and whatever the engine says.
 */
export async function startHelper(
  engine: Pick<Engine, 'client'>,
  { id, image, source, volume, pieceMiB }: HelperOrder,
  signal: AbortSignal,
): Promise<Helper> {
  const client = await engine.client()
  const container = await client.createContainer({
    Image: image,
    // Waits for a line that never comes: it ends when it is removed.
    Entrypoint: ['sh', '-c', 'read line'],
    Cmd: [],
    OpenStdin: true,
    User: '0:0',
    Labels: { [helperLabel]: id },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [
        { Type: 'bind', Source: source, Target: from, ReadOnly: true },
        { Type: 'volume', Source: volume, Target: to },
      ],
      SecurityOpt: ['no-new-privileges'],
    },
  })
  const remove = () => removeHelper(container)
  const run: Helper['run'] = async (argv, options) => {
    const { exitCode, stdout } = await execCapture(engine, container.id, argv, { ...options, maxBytes: 64 * 2 ** 20 })
    return { ok: exitCode === 0, out: stdout }
  }
  try {
    await container.start().catch((error: unknown) => {
      throw isNoProgram(error) ? new Problem('models.no-tools', { programs: 'sh' }, { cause: error }) : error
    })
    const lacking = await run(
      ['sh', '-c', 'for one; do command -v "$one" >/dev/null || echo "$one"; done', 'sh', ...programs],
      {
        timeoutMs: 20_000,
        signal,
      },
    )
    const missing = lacking.out.trim().split(/\s+/).join(', ')
    if (missing !== '') throw new Problem('models.no-tools', { programs: missing })
    return { run, from, to, pieceMiB, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

const isNoProgram = (error: unknown) =>
  error instanceof Error && /executable file not found|no such file/i.test(error.message)

/** Its nameless volumes go with it; the volume with the models has a name. */
async function removeHelper(container: Dockerode.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: unknown) => {
    if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error
  })
}

/** Removes what a panel that was killed left running of its copies. */
export async function removeLeftHelpers(engine: Pick<Engine, 'client'>, ids: readonly string[]): Promise<void> {
  const client = await engine.client()
  const left = await client.listContainers({ all: true, filters: { label: [helperLabel] } })
  for (const { Id, Labels } of left)
    if (ids.includes(Labels[helperLabel] ?? '')) await removeHelper(client.getContainer(Id))
}

/** Makes the volume, or takes the one that was made for this service before. Throws `models.volume-taken`. */
export async function ensureVolume(engine: Pick<Engine, 'client'>, name: string, serviceId: string): Promise<void> {
  const client = await engine.client()
  // One that is there already is answered as it is.
  await client.createVolume({ Name: name, Labels: { [volumeLabel]: serviceId } })
  const { Labels } = (await client.getVolume(name).inspect()) as { Labels?: Record<string, string> | null }
  if (Labels?.[volumeLabel] !== serviceId) throw new Problem('models.volume-taken', { volume: name })
}
