import * as z from 'zod'
import type { LintChange, LintReport, ServiceConfig } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Compose } from '../program/compose'
import type { Engine } from '../../docker/engine'
import { measureReadRate } from '../../docker/read-rate'
import { createLinter, type LintFacts, type LintFiles, type LintTarget } from '.'
import type { GpuMonitor } from '../../gpu'
import type { Audit } from '../../audit/audit'

export interface ServiceLinterOptions {
  /** Where changes are remembered so that they can be taken back. */
  historyFile: string
  configOf(id: string): ServiceConfig
  engine: Pick<Engine, 'client' | 'status' | 'containers'>
  compose: Pick<Compose, 'config' | 'program'>
  gpus: Pick<GpuMonitor, 'report'>
  audit: Pick<Audit, 'append'>
  redact: (text: string) => string
  /** Volumes that hold a verified copy of what the service mounts. */
  copiesOf?: (id: string) => readonly { target: string; volume: string }[]
  /** In place of the panel's own environment. */
  environment?: () => NodeJS.ProcessEnv
}

type Shown = readonly { path: string; state: string }[]

const PulledImage = z.object({ RepoDigests: z.array(z.string()).nullish() })

/** Digests of the images that the project's containers run; a locally built image has none. */
async function imagesOf(
  engine: ServiceLinterOptions['engine'],
  spec: ServiceConfig['compose'],
): Promise<Record<string, string>> {
  if (!spec || engine.status().state !== 'connected') return {}
  const own = engine
    .containers()
    .filter(({ compose: labels }) => labels && !labels.oneOff && isOf(labels, spec))
    .slice(0, 20)
  const client = await engine.client()
  const found = await Promise.all(
    own.map(async ({ compose: labels, imageId }) => {
      // An image that was removed since has no digest to offer.
      const image: unknown = await client
        .getImage(imageId)
        .inspect()
        .catch(() => null)
      const digest = PulledImage.safeParse(image).data?.RepoDigests?.[0]?.split('@')[1]
      return digest === undefined || !labels ? [] : [[labels.service, digest] as const]
    }),
  )
  return Object.fromEntries(found.flat())
}

/** What is known beside the files. */
async function factsOf(
  { engine, compose, gpus, copiesOf = () => [], environment = () => process.env }: ServiceLinterOptions,
  config: ServiceConfig | null,
): Promise<LintFacts> {
  const [report, program, images] = await Promise.all([
    gpus.report(),
    // Facts that sharpen findings: without them less is found, and nothing false.
    compose.program().catch(() => null),
    imagesOf(engine, config?.compose).catch(() => ({})),
  ])
  return {
    gpus: report.gpus.map(({ index, uuid, name }) => ({ index, uuid, name })),
    gpuUuid: config?.gpuUuid ?? null,
    images,
    compose: program?.program ?? null,
    localEngine: engine.status().info?.kind !== 'remote',
    environment: environment(),
    readRates: [],
    copies: config?.compose
      ? copiesOf(config.id).map((copy) => ({ ...copy, service: config.compose?.service ?? '' }))
      : [],
  }
}

/** How fast running containers read folders of theirs. */
function createReadRates(engine: ServiceLinterOptions['engine']) {
  /** Of each container that was asked, the folders that were measured: once in its life. */
  const measured = new Map<string, Promise<number | null>>()

  return (spec: NonNullable<ServiceConfig['compose']>) => async (service: string, target: string) => {
    if (engine.status().state !== 'connected') return null
    const running = engine
      .containers()
      .find(
        ({ compose: labels, state }) =>
          labels?.service === service && !labels.oneOff && state === 'running' && isOf(labels, spec),
      )
    if (!running) return null
    const key = `${running.id} ${target}`
    if (measured.size > 256) measured.clear()
    let found = measured.get(key)
    if (!found) {
      found = measureReadRate(engine, running.id, target)
      measured.set(key, found)
    }
    try {
      return await found
    } catch (error) {
      // A container that ended, or a drive too slow for the time it is given: the next look asks again.
      measured.delete(key)
      if (error instanceof Problem || (error instanceof Error && error.name === 'TimeoutError')) return null
      throw error
    }
  }
}

/** The Compose linter for services and for files that may become one. */
export function createServiceLinter(options: ServiceLinterOptions) {
  const { compose, audit } = options
  const linter = createLinter({ historyFile: options.historyFile, redact: options.redact })

  const measure = createReadRates(options.engine)

  const targetOf = async (id: string): Promise<LintTarget> => {
    const config = options.configOf(id)
    const spec = config.compose
    if (config.runtime !== 'compose' || !spec) throw new Problem('lint.not-compose', { id })
    const facts = await factsOf(options, config)
    const { file, overrides, envFile } = spec
    const check = facts.compose && (() => compose.config(spec))
    return { files: { file, overrides, envFile }, facts, check, measure: measure(spec) }
  }

  return {
    report: async (id: string): Promise<LintReport> => linter.report(await targetOf(id)),

    /** Files that no service has yet. */
    reportOfFiles: async (files: LintFiles): Promise<LintReport> =>
      linter.report({ files, facts: await factsOf(options, null), check: null }),

    async fix(id: string, { fixes, files, who }: { fixes: readonly string[]; files: Shown; who: string }) {
      const done = await linter.fix(await targetOf(id), fixes, files)
      await record(id, who, 'compose.fixed', done.change)
      return done
    },

    async undo(id: string, { change, who }: { change: string; who: string }): Promise<LintReport> {
      const { undone, report } = await linter.undo(await targetOf(id), change)
      await record(id, who, 'compose.undone', undone)
      return report
    },
  }

  function record(target: string, who: string, action: string, { rules, files }: LintChange): Promise<void> {
    return audit.append({ who, action, target, details: { rules: rules.join(', '), files: files.join(', ') } })
  }
}

export type ServiceLinter = ReturnType<typeof createServiceLinter>

/** Whether a container is of the project that these files describe. */
const isOf = (labels: { project: string; configFiles: string[] }, spec: NonNullable<ServiceConfig['compose']>) =>
  spec.project === undefined ? labels.configFiles.includes(spec.file) : labels.project === spec.project
