import type { ComposeSpec } from '../../../shared/contract'
import { Problem, type ProblemId } from '../../../shared/problems'
import { createSerialByKey } from '../../async/serial-by-key'
import type { Engine } from '../../docker/engine'
import {
  buildArguments,
  configArguments,
  isFirstGeneration,
  downArguments,
  hashArguments,
  pullArguments,
  stopArguments,
  upArguments,
  type ProjectFiles,
} from './arguments'
import type { Compose, ComposeConfig, ComposeRun, RenderedProject } from './compose'
import { allDependencies } from './dependencies'
import { activeProfiles, faultyLine, findProject, guessProjectName, projectFiles, type Files } from './files'
import { createModels } from './models'
import { createProgram, type RunNotes, type RunOptions } from './program'
import { createProgressReader } from './progress'
import { hiderFor } from './quoted'
import { projectOfFiles, projectsByLabels, type KnownService, type Surroundings } from './projects'
import { readConfig, readHashes } from './rendered'

export interface ComposeOptions {
  engine: Pick<Engine, 'containers' | 'environment' | 'status'>
  redact: (text: string) => string
  /** The services that Regie has already, by what they are in Compose. */
  known: () => KnownService[]
  /** In place of the panel's own environment. */
  own?: () => NodeJS.ProcessEnv
  /** Takes note of runs that change containers. */
  notes?: RunNotes
}

const minute = 60_000
/** A pull may be many GB over a slow line; making a container with its build or pull too. */
const patience = { config: minute, up: 90 * minute, pull: 180 * minute, down: 10 * minute }

/** Where the engine's published ports are reached. */
function hostOf(environment: Record<string, string>): string {
  const host = environment['DOCKER_HOST'] ?? ''
  if (!/^(tcp|ssh|https?):\/\//.test(host)) return '127.0.0.1'
  const { hostname } = new URL(host.replace(/^(tcp|ssh):/, 'http:'))
  return hostname.replaceAll(/[[\]]/g, '') || '127.0.0.1'
}

/** Compose, by its own program. */
export function createCompose({ engine, redact, known, own, notes }: ComposeOptions): Compose {
  const program = createProgram({
    environment: () => engine.environment(),
    redact,
    notes,
    ...(own === undefined ? {} : { own }),
  })
  /** Two at once on one project would both make its network, and Docker allows two of one name. */
  const inTurn = createSerialByKey()
  const surroundings = (): Surroundings => ({ known: known(), engineHost: hostOf(engine.environment()) })

  const follow = ({ onStep }: ComposeRun, hide: (text: string) => string) => {
    if (!onStep) return undefined
    const progress = createProgressReader()
    return (line: string) => {
      const step = progress.read(line)
      if (!step) return
      // What is built is quoted in full: a line of a Dockerfile is a title.
      const shown = (text: string) => hide(redact(text))
      onStep({ ...step, id: shown(step.id), title: shown(step.title), detail: step.detail && shown(step.detail) })
    }
  }

  const runNow = async (
    spec: ComposeSpec,
    rest: readonly string[],
    timeoutMs: number,
    options: ComposeRun & { namesFiles?: boolean } = {},
  ): Promise<void> => {
    const found = await projectFiles(spec)
    // Given a name and no file, Compose 2 looks at no file, and takes every container that has the project's label
    // (measured with 2.40.3): those of profiles that are off, and what no file names.
    const project = options.namesFiles ? { ...found, isOwn: false } : found
    await execute({
      project,
      arguments: rest,
      timeoutMs,
      signal: options.signal,
      onLine: follow(options, await hiderFor(project)),
    })
  }
  const run: typeof runNow = async (spec, rest, timeoutMs, options) =>
    inTurn(await projectName(spec), () => runNow(spec, rest, timeoutMs, options), options?.signal)

  /** Runs Compose; where it names a line of faulty YAML, the line is made sure of. */
  const execute = async (options: RunOptions): Promise<string> => {
    try {
      return await program.run(options)
    } catch (error) {
      if (!(error instanceof Problem) || error.id !== 'compose.yaml') throw error
      const fault = await faultyLine(options.project.files)
      throw fault ? new Problem<ProblemId>(error.id, { ...error.params, line: fault.line }) : error
    }
  }

  const print = async (project: ProjectFiles, service?: string): Promise<string> =>
    execute({ project, arguments: configArguments(await program.find(), service), timeoutMs: patience.config })

  /** Compose 1 does not tell the project's name, and knows none in its files. */
  const render = async (files: Files): Promise<ComposeConfig> => {
    const project = await projectFiles(files)
    const [output, name] = await Promise.all([print(project), guessProjectName(files)])
    return readConfig(output, name)
  }

  /**
   * The model with the hash of each service. Compose 2 hashes what it has rendered: a service with an `env_file` has
   * another hash in its files (measured with 2.26.1 and 2.40.3). So what it printed goes back to it, through a pipe and
   * never a file, for every secret stands in it. Compose 1 hashes its files.
   */
  const renderWithHashes = async (spec: ComposeSpec, service: string | undefined): Promise<RenderedProject> => {
    const found = await program.find()
    const isFirst = isFirstGeneration(found)
    if (isFirst && service !== undefined) throw new Problem('compose.service-missing', { service })
    const project = await projectFiles(spec)
    const output = await print(project, service)
    const config = readConfig(output, await guessProjectName(spec))
    const profiles = service === undefined ? project.profiles : ['*']
    const piped: ProjectFiles = { ...project, isPiped: true, project: config.name, profiles }
    const hashed = await execute({
      arguments: hashArguments,
      timeoutMs: patience.config,
      ...(isFirst ? { project } : { project: piped, input: output }),
    })
    return { ...config, hashes: readHashes(hashed), version: found.version }
  }

  const rendered = createModels({ render: renderWithHashes, surroundings: () => program.surroundings() })
  /** What each project was called when Compose last told. */
  const names = new Map<string, string>()

  async function projectName(spec: ComposeSpec): Promise<string> {
    if (spec.project !== undefined) return spec.project
    const key = JSON.stringify([spec.file, spec.overrides, spec.envFile])
    try {
      const { name } = await rendered(spec)
      if (names.size > 256) names.clear()
      names.set(key, name)
      return name
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return names.get(key) ?? guessProjectName(spec)
    }
  }

  /**
   * How many containers there are of services that have more than their files ask for: of those that an `up` of the
   * named ones touches, of all where none is named. Compose refuses others.
   */
  async function furtherOf(spec: ComposeSpec, named: readonly string[]): Promise<Record<string, number>> {
    const name = await projectName(spec)
    const numbers = new Map<string, Set<string>>()
    for (const { compose, labels } of engine.containers()) {
      if (compose?.project !== name || compose.oneOff) continue
      const known = numbers.get(compose.service) ?? new Set()
      numbers.set(compose.service, known.add(labels['com.docker.compose.container-number'] ?? '1'))
    }
    const many = [...numbers].filter(([, found]) => found.size > 1)
    if (many.length === 0) return {}
    const { services } = await rendered(spec)
    const needed = (service: string) =>
      allDependencies(service, (of) => services[of]?.dependsOn ?? []).map((dependency) => dependency.service)
    const touched = new Set(named.flatMap((service) => [service, ...needed(service)]))
    return Object.fromEntries(
      many
        .filter(([service]) => touched.size === 0 || touched.has(service))
        .filter(([service, found]) => services[service] && found.size > (services[service].replicas ?? 1))
        .map(([service, found]) => [service, found.size]),
    )
  }

  return {
    program: () => program.find(),
    up: async (spec, options = {}) =>
      run(
        spec,
        upArguments([spec.service], options.recreate ?? 'never', await furtherOf(spec, [spec.service])),
        patience.up,
        options,
      ),
    start: async (spec, services, options) =>
      run(spec, upArguments(services, 'never', await furtherOf(spec, services)), patience.up, options),
    stop: (spec, options) => run(spec, stopArguments(), patience.down, { ...options, namesFiles: true }),
    build: (spec, options) => runNow(spec, buildArguments(spec.service), patience.up, options),
    pull: (spec, options) => runNow(spec, pullArguments(spec.service), patience.pull, options),
    down: (spec, options) => run(spec, downArguments(), patience.down, { ...options, namesFiles: true }),
    config: render,

    rendered,
    projectName,

    projects: () => projectsByLabels(engine.containers(), surroundings()),

    async readProject(wanted) {
      const files = await findProject(wanted)
      const project = await projectFiles(files)
      const [config, profiles] = await Promise.all([
        render(files),
        program.run({ project, arguments: ['config', '--profiles'], timeoutMs: patience.config }),
      ])
      const known = profiles.split(/\r?\n/).filter((line) => line.trim() !== '')
      // Where every service has a profile, none is there before one is chosen.
      if (Object.keys(config.services).length === 0 && known.length === 0)
        throw new Problem('compose.service-missing', { service: '–' })
      return projectOfFiles(
        {
          config,
          name: config.name,
          files: project.files,
          overrides: project.isOwn ? [] : project.files.slice(1),
          envFile: project.envFile,
          profiles: known,
          activeProfiles: await activeProfiles(files),
        },
        engine.containers(),
        surroundings(),
      )
    },
  }
}
