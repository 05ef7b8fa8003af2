import type { CardIdentity, EffectiveGpu, Gpu, LintReport, Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Compose, ComposeConfig } from '../compose/program/compose'
import { effectiveGpu } from '../docker/inspect/gpu'
import type { GpuMonitor } from '../gpu'
import type { BackendDevice } from '../kinds/backend'
import { commandEnvironment } from '../services/environment'
import type { Machine } from '../system/machine'
import { concerns, judgeService, ordersOf, type AskedService } from './judge'

export interface IdentityOptions {
  gpus: Pick<GpuMonitor, 'report'>
  services: {
    configs(): ServiceConfig[]
    get(id: string): Service
    backend(id: string): { devices(signal: AbortSignal): Promise<BackendDevice[]> }
  }
  /** What the container behind a service asks for; throws a Problem where there is none. */
  containerGpu: (id: string) => Promise<EffectiveGpu>
  compose: Pick<Compose, 'config'>
  /** Where containers run: under WSL2 every card is visible, whatever is asked for. */
  platform: () => EffectiveGpu['platform']
  lint: (id: string) => Promise<LintReport>
}

/** Where containers run, as far as that tells which cards they see: Docker Desktop keeps them in a machine of its own. */
export function platformOf(
  engine: 'native' | 'desktop' | 'rootless' | 'remote' | null,
  { isWsl }: Pick<Machine, 'isWsl'>,
): EffectiveGpu['platform'] {
  if (engine === 'remote') return 'elsewhere'
  return engine === 'desktop' || isWsl ? 'wsl' : 'native'
}

/** What asking may fail with: the service or the engine is away, or takes too long. */
const isExpected = (error: unknown) =>
  error instanceof Problem || (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))

const unlessExpected = (error: unknown): null => {
  if (!isExpected(error)) throw error
  return null
}

/** How long a service may take to say what it works on, in ms. */
const patienceMs = 5_000

/** Rules whose fixes say which card is meant. */
const cardRules: ReadonlySet<string> = new Set(['gpu-by-index', 'gpu-count', 'cuda-visible'])

const whole: EffectiveGpu['requests'][number] = { driver: 'nvidia', count: -1, deviceIds: [], capabilities: ['gpu'] }

/** What the files ask for, where there is no container that could be asked. */
function askedInFiles(
  service: ComposeConfig['services'][string],
  around: Pick<Parameters<typeof effectiveGpu>[0], 'platform' | 'gpus' | 'wantedUuid'>,
): EffectiveGpu {
  const { gpuAsks = [], environment, command, entrypoint } = service
  return effectiveGpu({
    requests: gpuAsks.map((ask) => {
      switch (ask.kind) {
        case 'all':
          return whole
        case 'count':
          return { ...whole, count: ask.count }
        case 'ids':
          return { ...whole, count: null, deviceIds: ask.ids }
      }
    }),
    runtime: null,
    environment: new Map(
      Object.entries(environment).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
    command: [...(entrypoint ?? []), ...(command ?? [])],
    ...around,
  })
}

/** What a service's settings ask for, and where they stand. */
async function askedBy(
  { services, containerGpu, compose, platform }: IdentityOptions,

  config: ServiceConfig,
  cards: readonly Gpu[],
): Promise<Pick<AskedService, 'asked' | 'askedIn'>> {
  const around = { platform: platform(), gpus: cards, wantedUuid: config.gpuUuid ?? null }
  switch (config.runtime) {
    case 'compose': {
      const spec = config.compose
      const inContainer = services.get(config.id).container ? await containerGpu(config.id).catch(unlessExpected) : null
      if (inContainer) return { asked: inContainer, askedIn: 'container' }
      const files = spec ? await compose.config(spec).catch(unlessExpected) : null
      const service = spec && files?.services[spec.service]
      return service ? { asked: askedInFiles(service, around), askedIn: 'files' } : { asked: null, askedIn: null }
    }
    case 'process': {
      // What refers to the vault is no card.
      const written = Object.entries(config.process?.env ?? {}).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as const] : [],
      )
      const environment = commandEnvironment(Object.fromEntries(written), config.gpuUuid, {})
      const command = (config.process?.args ?? []).filter((word) => typeof word === 'string')
      const asked = effectiveGpu({
        ...{ requests: [whole], runtime: null, environment: new Map(Object.entries(environment)), command },
        ...{ ...around, platform: 'native' as const },
      })
      return { asked: { ...asked, requests: [] }, askedIn: 'command' }
    }
    case 'simulator':
    case 'external':
      return { asked: null, askedIn: null }
  }
}

async function lookAt(options: IdentityOptions, config: ServiceConfig, cards: readonly Gpu[]): Promise<AskedService> {
  const { id, gpuUuid } = config
  const isUp = options.services.get(id).health.state === 'ready'
  const [asked, devices] = await Promise.all([
    askedBy(options, config, cards),
    isUp ? options.services.backend(id).devices(AbortSignal.timeout(patienceMs)).catch(unlessExpected) : null,
  ])
  return { id, meant: gpuUuid ?? null, ...asked, devices }
}

/** The line to change, and how, as the Compose files' own fix has it: for the card that is meant. */
async function fixFor(
  { lint }: Pick<IdentityOptions, 'lint'>,
  id: string,
  meant: string | null,
): Promise<CardIdentity['services'][number]['fix']> {
  const report = await lint(id).catch(unlessExpected)
  const finding = report?.findings.find(({ rule, fixes }) => cardRules.has(rule) && fixes.length > 0)
  const short = meant === null ? null : `${meant.slice(0, 12)}…`
  const fix = finding?.fixes.find(({ reason }) => short === null || reason.params['short'] === short)
  if (!report || !finding || !fix) return null
  const { file, name, line } = finding
  return {
    file,
    name,
    line,
    finding: finding.id,
    fix,
    files: report.files.map(({ path, state }) => ({ path, state })),
  }
}

/** Whether anything that Regie can read says which card a service is given. */
const hasSettings = ({ runtime }: ServiceConfig) => runtime !== 'external' && runtime !== 'simulator'

type Judged = CardIdentity['services'][number]

/** Whether a service works on the card that is meant, and the fix of its Compose files where it does not. */
type CardOfService = Pick<Judged, 'state' | 'reason'> & {
  fix: (Pick<NonNullable<Judged['fix']>['fix'], 'id' | 'needs'> & Pick<NonNullable<Judged['fix']>, 'files'>) | null
}

/** Which card is meant by whom: numbers in every order, what services ask for, and what they report. */
export function createIdentity(options: IdentityOptions) {
  const { gpus, services } = options
  return {
    /** Of one service alone, with the fix where it contradicts; null where it has no card, or this machine none. */
    async ofService(id: string): Promise<CardOfService | null> {
      const { gpus: cards } = await gpus.report()
      const config = services.configs().find((one) => one.id === id && hasSettings(one))
      if (!config || cards.length === 0) return null
      const { state, reason, meant } = judgeService(await lookAt(options, config, cards), cards)
      const found = state === 'contradicts' ? await fixFor(options, id, meant) : null
      return { state, reason, fix: found && { id: found.fix.id, needs: found.fix.needs, files: found.files } }
    },
    /** Throws `gpu.unknown` for a card that this machine has not. */
    async of(uuid: string): Promise<CardIdentity> {
      const { gpus: cards } = await gpus.report()
      if (!cards.some((card) => card.uuid === uuid)) throw new Problem('gpu.unknown', { uuid })
      const configs = services.configs().filter(hasSettings)
      const told = await Promise.all(configs.map((config) => lookAt(options, config, cards)))
      const judged = told.map((service) => judgeService(service, cards))
      const withFixes = await Promise.all(
        judged.map(async (one) => ({
          ...one,
          onCard: concerns(one, uuid),
          fix: one.state === 'contradicts' ? await fixFor(options, one.serviceId, one.meant) : null,
        })),
      )
      return { at: Date.now(), uuid, ...ordersOf(cards), services: withFixes }
    },
  }
}

export type Identity = ReturnType<typeof createIdentity>
