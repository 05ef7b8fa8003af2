import type { ComposeProject, ComposeSpec } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { createSerialByKey } from '../../async/serial-by-key'
import type { Engine } from '../../docker/engine'
import { buildArguments, downArguments, pullArguments, stopArguments, upArguments, type Recreating } from './arguments'
import type { Compose, ComposeRun } from './compose'
import { createDeriving } from './derived'
import { activeProfiles, findProject, projectFiles } from './files'
import { furtherOf } from './further'
import { createProgram, type RunNotes } from './program'
import { projectOfFiles, projectsByLabels, type KnownService, type Surroundings } from './projects'
import { createRendering } from './rendering'
import { createRunning, type Command } from './running'

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

type ComposeSelection = Parameters<Compose['readProject']>[0]

/** A project's files as they are and as Compose reads them. Throws a Problem where they hold no service. */
async function readFiles(
  wanted: ComposeSelection,
  { render, program }: { render: Compose['config']; program: Pick<ReturnType<typeof createProgram>, 'run'> },
): Promise<Parameters<typeof projectOfFiles>[0]> {
  const spec = await findProject(wanted)
  const project = await projectFiles(spec)
  const [config, profiles] = await Promise.all([
    render(spec),
    program.run({ project, arguments: ['config', '--profiles'], timeoutMs: patience.config }),
  ])
  const known = profiles.split(/\r?\n/).filter((line) => line.trim() !== '')
  // Where every service has a profile, none is there before one is chosen.
  if (Object.keys(config.services).length === 0 && known.length === 0)
    throw new Problem('compose.service-missing', { service: '–' })
  const { files, envFile, isOwn } = project
  const overrides = isOwn ? [] : files.slice(1)
  return {
    config,
    name: config.name,
    files,
    overrides,
    envFile,
    profiles: known,
    activeProfiles: await activeProfiles(spec),
  }
}

/** Compose, by its own program. */
export function createCompose({ engine, redact, known, own, notes }: ComposeOptions): Compose {
  const program = createProgram({
    environment: () => engine.environment(),
    redact,
    notes,
    ...(own === undefined ? {} : { own }),
  })
  const running = createRunning({ program, redact })
  const { render, rendered, projectName } = createRendering({
    find: () => program.find(),
    execute: running.execute,
    surroundings: () => program.surroundings(),
    timeoutMs: patience.config,
  })
  const derive = createDeriving({ ...{ find: program.find, execute: running.execute, redact }, patienceMs: patience })
  const inTurn = createSerialByKey()
  const surroundings = (): Surroundings => ({ known: known(), engineHost: hostOf(engine.environment()) })

  /** Two at once on one project would both make its network, and Docker allows two of one name. */
  const run = async (spec: ComposeSpec, command: Command, options: ComposeRun = {}) =>
    inTurn(await projectName(spec), () => running.run(spec, command, options), options.signal)
  const bringUp = async (
    spec: ComposeSpec,
    services: readonly string[],
    { recreate = 'never', ...options }: ComposeRun & { recreate?: Recreating } = {},
  ) => {
    const further = await furtherOf({ engine, rendered, projectName }, spec, services)
    await run(spec, { arguments: upArguments(services, recreate, further), timeoutMs: patience.up }, options)
  }
  const readProject = async (wanted: ComposeSelection): Promise<ComposeProject> =>
    projectOfFiles(await readFiles(wanted, { render, program }), engine.containers(), surroundings())

  return {
    ...{ rendered, projectName, readProject, derive, config: render },
    program: () => program.find(),
    up: (spec, options) => bringUp(spec, [spec.service], options),
    start: bringUp,
    stop: (spec, options) =>
      run(spec, { arguments: stopArguments(), timeoutMs: patience.down, namesFiles: true }, options),
    build: (spec, options) =>
      running.run(spec, { arguments: buildArguments(spec.service), timeoutMs: patience.up }, options),
    pull: (spec, options) =>
      running.run(spec, { arguments: pullArguments(spec.service), timeoutMs: patience.pull }, options),
    down: (spec, options) =>
      run(spec, { arguments: downArguments(), timeoutMs: patience.down, namesFiles: true }, options),
    projects: () => projectsByLabels(engine.containers(), surroundings()),
  }
}
