import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import type {
  AccessStatus,
  Credential,
  ExposureTest,
  Generation,
  GenerationPage,
  PanelEvent,
  Rotation,
  RotationSchedule,
  Service,
  Update,
  VaultStatus,
} from '../../shared/contract'
import { api } from './query'

const upsert = <T extends { id: string }>(list: T[] | undefined, item: T): T[] | undefined => {
  if (!list) return undefined
  return list.some((one) => one.id === item.id) ? list.map((one) => (one.id === item.id ? item : one)) : [...list, item]
}

const without = <T extends { id: string }>(list: T[] | undefined, id: string): T[] | undefined =>
  list?.filter((one) => one.id !== id)

const upsertSchedule = (list: RotationSchedule[] | undefined, item: RotationSchedule) =>
  list && [...list.filter(({ credentialId }) => credentialId !== item.credentialId), item]

type GenerationList = GenerationPage | InfiniteData<GenerationPage>

const replaceIn = (page: GenerationPage, generation: Generation): GenerationPage =>
  page.items.some((one) => one.id === generation.id)
    ? { ...page, items: page.items.map((one) => (one.id === generation.id ? generation : one)) }
    : page

const replaceInList = (list: GenerationList, generation: Generation): GenerationList =>
  'pages' in list
    ? { ...list, pages: list.pages.map((page) => replaceIn(page, generation)) }
    : replaceIn(list, generation)

const find = (list: GenerationList, id: string) =>
  ('pages' in list ? list.pages : [list]).flatMap((page) => page.items).find((one) => one.id === id)

/** Whether what a start would do may be another than it was. */
const changesStart = (before: Service | undefined, after: Service) =>
  before?.health.state !== after.health.state ||
  before.container?.id !== after.container?.id ||
  before.pending?.reason.problem !== after.pending?.reason.problem

function putService(cache: QueryClient, service: Service) {
  const input = { id: service.id }
  const before = cache.getQueryData(api.services.list.queryKey())?.find(({ id }) => id === service.id)
  cache.setQueryData(api.services.list.queryKey(), (list) => upsert(list, service))
  cache.setQueryData(api.services.get.queryKey({ input }), service)
  if (before?.gpu?.uuid !== service.gpu?.uuid) void cache.invalidateQueries({ queryKey: api.gpus.turns.key() })
  if (changesStart(before, service)) void cache.invalidateQueries({ queryKey: api.services.startPlan.key({ input }) })
}

function putExposureTest(cache: QueryClient, test: ExposureTest) {
  const { serviceId } = test
  cache.setQueryData(api.exposure.get.queryKey({ input: { id: serviceId } }), test)
  cache.setQueryData(
    api.exposure.list.queryKey(),
    (list) => list && [...list.filter((one) => one.serviceId !== serviceId), test],
  )
}

function putCredential(cache: QueryClient, credential: Credential) {
  const input = { id: credential.id }
  cache.setQueryData(api.credentials.list.queryKey(), (list) => upsert(list, credential))
  cache.setQueryData(api.credentials.get.queryKey({ input }), credential)
  void cache.invalidateQueries({ queryKey: api.credentials.drift.key({ input }) })
  void cache.invalidateQueries({ queryKey: api.credentials.history.key({ input }) })
}

/** The last of each service: one that ended later takes the place of the one before. */
function putLatest(latest: Generation[], generation: Generation): Generation[] {
  const before = latest.find(({ serviceId }) => serviceId === generation.serviceId)
  if (!before) return [...latest, generation]
  if (before.id !== generation.id && before.createdAt > generation.createdAt) return latest
  return latest.map((one) => (one === before ? generation : one))
}

const tagsOf = ({ tags = [] }: Generation) => tags.join(',')

const isFavourite = (cache: QueryClient, id: string): boolean =>
  cache.getQueryData(api.generations.get.queryKey({ input: { id } }))?.favourite === true ||
  cache
    .getQueriesData<GenerationList>({ queryKey: api.generations.list.key() })
    .some(([, list]) => list && find(list, id)?.favourite === true)

/** Lists, counts and the bin, where something came, went or was tagged. */
function listGalleryAgain(cache: QueryClient) {
  void cache.invalidateQueries({ queryKey: api.generations.list.key() })
  void cache.invalidateQueries({ queryKey: api.generations.latest.key() })
  void cache.invalidateQueries({ queryKey: api.gallery.key() })
}

/** Progress is written in place; lists are asked again only when a generation appears or changes its state. */
function putGeneration(cache: QueryClient, told: Generation) {
  const get = api.generations.get.queryKey({ input: { id: told.id } })
  // An event goes to everybody, and knows nothing of the reader's own mark.
  const generation = { ...told, ...(isFavourite(cache, told.id) && { favourite: true }) }
  cache.setQueryData(get, generation)
  const lists = { queryKey: api.generations.list.key() }
  const before = cache.getQueriesData<GenerationList>(lists)
  const known = before.map(([, list]) => list && find(list, generation.id)).find((one) => one !== undefined)
  if (known === undefined || known.state !== generation.state || tagsOf(known) !== tagsOf(generation)) {
    void cache.invalidateQueries({ queryKey: api.gallery.key() })
    void cache.invalidateQueries({ queryKey: api.presets.history.key() })
  }
  cache.setQueriesData<GenerationList>(lists, (list) => list && replaceInList(list, generation))
  if (generation.state === 'succeeded') {
    const key = api.generations.latest.queryKey()
    cache.setQueryData(key, (latest) => latest && putLatest(latest, generation))
  }
  for (const [queryKey, list] of before) {
    if (list && find(list, generation.id)?.state !== generation.state) void cache.invalidateQueries({ queryKey })
  }
}

function dropService(cache: QueryClient, id: string) {
  cache.setQueryData(api.services.list.queryKey(), (list) => without(list, id))
  cache.removeQueries({ queryKey: api.services.get.key({ input: { id } }) })
}

function putRotation(cache: QueryClient, rotation: Rotation) {
  cache.setQueryData(api.credentials.rotation.queryKey({ input: { id: rotation.credentialId } }), rotation)
}

function dropCredential(cache: QueryClient, id: string) {
  cache.setQueryData(api.credentials.list.queryKey(), (list) => without(list, id))
  cache.removeQueries({ queryKey: api.credentials.get.key({ input: { id } }) })
}

function putAccess(cache: QueryClient, access: AccessStatus) {
  cache.setQueryData(api.access.status.queryKey(), access)
  void cache.invalidateQueries({ queryKey: api.session.current.key() })
  void cache.invalidateQueries({ queryKey: api.me.account.key() })
}

function dropGeneration(cache: QueryClient, id: string) {
  cache.removeQueries({ queryKey: api.generations.get.key({ input: { id } }) })
  listGalleryAgain(cache)
}

/** What may not be seen any more must not stay on screen. */
function forgetOthersPictures(cache: QueryClient) {
  void cache.resetQueries({ queryKey: api.generations.key() })
  void cache.resetQueries({ queryKey: api.gallery.key() })
}

function putPreferences(cache: QueryClient, { account, preferences }: Extract<PanelEvent, { type: 'preferences' }>) {
  if (account === cache.getQueryData(api.session.current.queryKey())?.account)
    cache.setQueryData(api.me.preferences.queryKey(), preferences)
}

function putVault(cache: QueryClient, vault: VaultStatus) {
  cache.setQueryData(api.vault.status.queryKey(), vault)
  // An opened vault may have shown that the audit log was altered.
  void cache.invalidateQueries({ queryKey: api.system.about.key() })
  void cache.invalidateQueries({ queryKey: api.audit.key() })
}

function putUpdate(cache: QueryClient, update: Update) {
  cache.setQueryData(api.updates.get.queryKey({ input: { id: update.id } }), update)
  cache.setQueryData(
    api.updates.list.queryKey(),
    (list) => list && [update, ...list.filter(({ id }) => id !== update.id)],
  )
  if (update.state === 'running' || update.state === 'rolling-back') return
  void cache.invalidateQueries({ queryKey: api.updates.offer.key({ input: { id: update.serviceId } }) })
}

/** Their answers are not as they were: whoever shows one asks anew. */
function askAgain(cache: QueryClient, ...keys: QueryKey[]) {
  for (const queryKey of keys) void cache.invalidateQueries({ queryKey })
}

type Events = { [E in PanelEvent as E['type']]: E }

/** Tells nothing that is kept in the cache. */
const nothing = () => undefined

/** How each event is written into the cache. */
const writers: { [T in keyof Events]: (cache: QueryClient, event: Events[T]) => void } = {
  service: (cache, { service }) => putService(cache, service),
  'service-removed': (cache, { id }) => dropService(cache, id),
  credential: (cache, { credential }) => putCredential(cache, credential),
  'credential-removed': (cache, { id }) => dropCredential(cache, id),
  rotation: (cache, { rotation }) => putRotation(cache, rotation),
  'rotation-schedule': (cache, { schedule }) =>
    cache.setQueryData(api.credentials.schedules.queryKey(), (list) => upsertSchedule(list, schedule)),
  'rotation-round': (cache, { round }) => cache.setQueryData(api.credentials.rotationRound.queryKey(), round),
  vault: (cache, { vault }) => putVault(cache, vault),
  generation: (cache, { generation }) => putGeneration(cache, generation),
  'generation-removed': (cache, { id }) => dropGeneration(cache, id),
  gallery: (cache) => listGalleryAgain(cache),
  backups: (cache) => askAgain(cache, api.backups.read.key()),
  'load-test': (cache, { serviceId }) => {
    askAgain(cache, api.loadTests.list.key({ input: { id: serviceId } }))
    askAgain(cache, api.loadTests.get.key({ input: { id: serviceId } }))
  },
  golden: (cache, { serviceId }) => askAgain(cache, api.golden.get.key({ input: { id: serviceId } })),
  models: (cache) => askAgain(cache, api.modelLibrary.key()),
  workflows: (cache) => askAgain(cache, api.workflows.key()),
  gateway: (cache) => askAgain(cache, api.gateway.key()),
  preferences: putPreferences,
  'gallery-shared': (cache) => forgetOthersPictures(cache),
  settings: (cache, { settings }) => cache.setQueryData(api.system.settings.queryKey(), settings),
  access: (cache, { access }) => putAccess(cache, access),
  sessions: (cache) => askAgain(cache, api.access.sessions.key()),
  user: (cache) => askAgain(cache, api.users.key(), api.me.account.key()),
  'user-removed': (cache) => askAgain(cache, api.users.key(), api.me.account.key()),
  key: (cache) => askAgain(cache, api.keys.key()),
  deployment: (cache, { deployment }) =>
    cache.setQueryData(api.stacks.deployment.queryKey({ input: { id: deployment.id } }), deployment),
  update: (cache, { update }) => putUpdate(cache, update),
  releases: (cache, { releases }) => cache.setQueryData(api.releases.read.queryKey(), releases),
  engine: (cache, { engine }) => cache.setQueryData(api.docker.engine.queryKey(), engine),
  timeline: (cache, { entry }) => askAgain(cache, api.timeline.list.key({ input: { id: entry.serviceId } })),
  'door-test': (cache, { test }) => putExposureTest(cache, test),
  card: (cache, { uuid }) => askAgain(cache, api.gpus.turns.key({ input: { uuid } })),
  attention(cache, { attention }) {
    cache.setQueryData(api.attention.read.queryKey(), attention)
    void cache.invalidateQueries({ queryKey: api.attention.resolved.queryKey() })
  },
  alerts: (cache) => askAgain(cache, api.alerts.key()),
  'alert-told': nothing,
  gap: (cache) => void cache.invalidateQueries(),
  'rotation-due': nothing,
  hello: nothing,
}

const write = <T extends keyof Events>(cache: QueryClient, type: T, event: Events[T]) => writers[type](cache, event)

/** Writes one event into the cache, so that every page shows it without asking. */
export function applyEvent(cache: QueryClient, event: PanelEvent): void {
  // A panel that was updated may tell more than this page knows.
  if (Object.hasOwn(writers, event.type)) write(cache, event.type, event)
}
