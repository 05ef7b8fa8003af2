import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { dataPaths } from '../../../electron/storage/paths'
import { version } from '../../../package.json'
import {
  AlertChannel,
  Attention,
  BackupSettings,
  BinPage,
  Credential,
  GalleryTag,
  Generation,
  InputImage,
  Key,
  MetricsToken,
  Preferences,
  Preset,
  RotationSchedule,
  Service,
  Update,
  UsageAnswer,
  UsedPrompt,
  User,
  WeekWindow,
  Workflow,
} from '../../../shared/contract'
import { long } from '../../support/long'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

// Data folders that earlier versions wrote, each with what that version said was in it. Whoever changes a file that a
// person’s folder holds adds the folder of the version before.
const cases = path.resolve(import.meta.dirname, '../../cases/data-folders')

const Expected = z.object({
  credentials: z.array(
    Credential.pick({
      id: true,
      scheme: true,
      username: true,
      version: true,
      fingerprints: true,
      sinks: true,
      serviceIds: true,
    }),
  ),
  policies: z.record(z.string(), RotationSchedule.shape.policy),
  services: z.array(Service.pick({ id: true, kind: true, runtime: true, url: true, credentialId: true })),
  generations: z.array(
    z.object({
      id: z.string(),
      prompt: z.string(),
      /* Of an imported workflow there is none. */ seed: z.number().optional(),
      state: z.string(),
      images: z.array(z.string()),
    }),
  ),
  settings: Preferences,
  /** Up to 0.3.0 everybody had the same. */
  userSettings: Preferences.optional(),
  passwords: z.object({ admin: z.boolean(), user: z.boolean() }),
  audited: z.array(z.tuple([z.string(), z.string()])),
  /** What came with 0.4.0. */
  arranged: z.array(Service.pick({ id: true, name: true, tags: true, order: true, muted: true })).optional(),
  favourites: z.number().optional(),
  bin: z.array(z.string()).optional(),
  tags: z.array(GalleryTag).optional(),
  presets: z.array(Preset.pick({ id: true, name: true })).optional(),
  prompts: z.array(z.string()).optional(),
  /** What came with 0.5.0. */
  updates: z.array(Update.pick({ id: true, state: true })).optional(),
  /** What came with 0.6.0. */
  workflows: z.array(Workflow.pick({ id: true, name: true, format: true })).optional(),
  inputs: z.array(InputImage.pick({ id: true, width: true, height: true, mime: true })).optional(),
  /** What came with 0.7.0. */
  people: z
    .array(
      User.pick({ id: true, name: true, role: true, suspended: true, hasPassword: true, limits: true }).extend({
        isInvited: z.boolean(),
      }),
    )
    .optional(),
  keys: z
    .array(
      Key.pick({
        ...{ id: true, userId: true, name: true, services: true, panel: true, limits: true, fingerprint: true },
        state: true,
      }),
    )
    .optional(),
  snoozed: z.array(z.string()).optional(),
  channels: z.array(AlertChannel.pick({ id: true, name: true, target: true, on: true })).optional(),
  quietHours: WeekWindow.optional(),
  backups: BackupSettings.optional(),
  metricsToken: MetricsToken.optional(),
  /** By person, in November 2026. */
  jobs: z.record(z.string(), z.number()).optional(),
})

const written = [
  { of: '0.1.0', name: 'demo', passphrase: null },
  // All kinds of sinks, policies, a gallery, two passwords, and a rotation that was killed while it wrote.
  { of: '0.1.0', name: 'whole', passphrase: 'the passphrase of a fixture' },
  // A service of a kind and a process that came later, a rotated credential, a policy, two passwords, a cancelled run.
  { of: '0.3.0', name: 'demo', passphrase: null },
  // A service with name, tags and place, a marked and tagged image, one in the bin, a preset, used prompts.
  { of: '0.4.0', name: 'demo', passphrase: null },
  // Two updates of a stack that is gone, one rolled back and one kept, and a copy of models into a volume.
  { of: '0.5.0', name: 'demo', passphrase: null },
  // An edited picture with the one that it was made from, and an imported workflow with a run of it.
  { of: '0.6.0', name: 'demo', passphrase: null },
  // People with keys of their own, one ended, and an invitation (both put far into the future, or they would be forgotten), counted work, a snooze, a
  // channel of the alerts, a schedule of backups, and a metrics token that was ended.
  { of: '0.7.0', name: 'demo', passphrase: null },
]

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
beforeAll(async () => {
  bundle = await bundlePanelPrograms()
})
afterAll(() => bundle.remove())

/** The files of a folder and what is in them, by name. */
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.map(async (file) => [path.relative(folder, file), await readFile(file, 'base64')] as const),
    ),
  )
}

const opens = ({ of, name, passphrase }: (typeof written)[number]) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let running: RunningPanel
  let expected: z.infer<typeof Expected>
  const get = async (at: string) => (await running.rest('GET', at)).body
  const list = async <T>(schema: z.ZodType<T>, at: string): Promise<T[]> => {
    const body = await get(at)
    return Array.isArray(body) ? z.array(schema).parse(body) : z.object({ items: z.array(schema) }).parse(body).items
  }

  beforeAll(async () => {
    folder = await temporaryFolder('regie-earlier')
    await cp(path.join(cases, of, name), folder.path, { recursive: true })
    expected = Expected.parse(JSON.parse(await readFile(path.join(cases, of, `${name}.json`), 'utf8')))
    running = await startPanel({
      ...{ programs: bundle.programs, dataFolder: folder.path, demo: false },
      ...(passphrase === null ? {} : { keeper: () => null }),
    })
    if (passphrase !== null) {
      const unlocked = await running.rest('POST', 'vault/unlock', { passphrase })
      expect(unlocked).toMatchObject({ status: 200, body: { state: 'open' } })
    }
  })
  afterAll(async () => {
    await running.stop()
    await folder[Symbol.asyncDispose]()
  })

  it('opens with every credential, sink and policy, and each secret as it was', async () => {
    const credentials = await until('no rotation to be half done', async () => {
      const all = await list(Credential, 'credentials')
      return all.every(({ state }) => state !== 'rotating') && all
    })
    expect(credentials).toEqual(expected.credentials.map((each) => expect.objectContaining(each) as Credential))
    for (const { id, fingerprints } of credentials) {
      const { body } = await running.rest('POST', `credentials/${id}/reveal`, {})
      const secret = z.record(z.string(), z.string()).parse(body)
      for (const field of ['password', 'token'] as const)
        if (fingerprints[field] !== undefined) expect(fingerprint(secret[field] ?? '')).toBe(fingerprints[field])
    }
    const policies = (await list(RotationSchedule, 'rotation-schedules')).map((each) => [
      each.credentialId,
      each.policy,
    ])
    expect(Object.fromEntries(policies)).toEqual(expected.policies)
  })

  it('with every service, setting and password', async () => {
    const services = await list(Service, 'services')
    expect(services).toEqual(expected.services.map((each) => expect.objectContaining(each) as Service))
    expect(await get('me/preferences')).toEqual(expected.settings)
    expect(running.panel.parts.preferences.read('user')).toEqual(expected.userSettings ?? expected.settings)
    expect(await get('access')).toMatchObject({ passwords: expected.passwords })
    if (!expected.passwords.admin) return
    for (const [role, password] of [
      ['admin', 'admin of a fixture'],
      ['user', 'user of a fixture'],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ role, password })
      const signedIn = await fetch(new URL('api/v1/session', running.url), { method: 'POST', headers, body })
      expect(await signedIn.json()).toMatchObject({ role })
    }
  })

  it('with the gallery and its images', async () => {
    const generations = await list(Generation, 'generations')
    const told = generations.map(({ id, params, state, images }) => ({
      ...{ id, state, prompt: params.prompt, seed: params.seed, images: images.map((image) => image.id) },
    }))
    expect(told).toEqual(expected.generations)
    for (const id of told.flatMap(({ images }) => images)) {
      const image = await fetch(new URL(`api/v1/images/${id}`, running.url), {
        headers: { authorization: 'Bearer test-admin-token' },
      })
      expect(
        Buffer.from(await image.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
  })

  it('with names, tags, marks, bin, presets and prompts, where it has them', async () => {
    const services = await list(Service, 'services')
    for (const each of expected.arranged ?? []) expect(services).toContainEqual(expect.objectContaining(each))
    if (expected.favourites !== undefined)
      expect(await get('gallery/totals')).toMatchObject({ favourites: expected.favourites })
    if (expected.bin) {
      const { items } = BinPage.parse(await get('gallery/bin'))
      expect(items.map(({ generation }) => generation.id)).toEqual(expected.bin)
    }
    if (expected.tags) expect(await get('gallery/tags')).toEqual(expected.tags)
    if (expected.presets)
      expect(await list(Preset, 'presets')).toEqual(
        expected.presets.map((each) => expect.objectContaining(each) as Preset),
      )
    if (expected.prompts)
      expect((await list(UsedPrompt, 'prompts')).map(({ prompt }) => prompt)).toEqual(expected.prompts)
  })

  it('with its updates, where it has them', async () => {
    for (const each of expected.updates ?? []) expect(Update.parse(await get(`updates/${each.id}`))).toMatchObject(each)
  })

  it('with its workflows and the pictures that it was given, where it has them', async () => {
    if (expected.workflows)
      expect(await list(Workflow, 'workflows')).toEqual(
        expected.workflows.map((each) => expect.objectContaining(each) as Workflow),
      )
    for (const { id, mime } of expected.inputs ?? []) {
      const headers = { authorization: `Bearer ${adminToken}` }
      const picture = await fetch(new URL(`api/v1/inputs/${id}`, running.url), { headers })
      expect({ status: picture.status, type: picture.headers.get('content-type') }).toEqual({ status: 200, type: mime })
    }
  })

  it('with its people, their keys and what they used, where it has them', async () => {
    if (expected.people) {
      const told = (await list(User, 'users')).map(({ invitation, ...user }) => ({
        ...user,
        isInvited: invitation !== null,
      }))
      expect(told).toEqual(expected.people.map((each) => expect.objectContaining(each) as User))
    }
    if (expected.keys)
      expect(await list(Key, 'keys')).toEqual(expected.keys.map((each) => expect.objectContaining(each) as Key))
    if (expected.jobs) {
      const { rows } = UsageAnswer.parse(await get('usage?by=user&from=2026-11-01&to=2026-11-30'))
      expect(Object.fromEntries(rows.map(({ id, figures }) => [id, figures.jobs]))).toEqual(expected.jobs)
    }
  })

  it('with what it tells, to whom, and what it keeps for itself, where it has that', async () => {
    if (expected.snoozed)
      expect(
        await until('what was put aside', async () => {
          const { snoozed } = Attention.parse(await get('attention'))
          return snoozed.length > 0 && snoozed.map(({ id }) => id)
        }),
      ).toEqual(expected.snoozed)
    if (expected.channels) {
      const { channels, quietHours } = z
        .object({ channels: z.array(AlertChannel), quietHours: WeekWindow.nullable() })
        .parse(await get('alerts'))
      expect(channels).toEqual(expected.channels.map((each) => expect.objectContaining(each) as AlertChannel))
      expect(quietHours).toEqual(expected.quietHours)
    }
    if (expected.backups) expect(await get('backups')).toMatchObject({ settings: expected.backups })
    if (expected.metricsToken) expect(await get('metrics-token')).toEqual(expected.metricsToken)
  })

  it('with what was written into the audit log, which is whole', async () => {
    const { items } = await running.panel.parts.audit.list({ limit: 200 })
    const told = items.map(({ action, target }) => [action, target])
    expect(told.slice(-expected.audited.length)).toEqual(expected.audited)
    expect(running.panel.parts.audit.notices()).toEqual([])
  })

  it('was copied before its first change', async () => {
    const { beforeUpdate } = dataPaths(folder.path)
    const [copy = '', ...others] = await readdir(beforeUpdate)
    expect(others).toEqual([])
    expect(copy).toMatch(new RegExp(`^${of.replaceAll('.', '\\.')}-\\d+$`))
    const before = await contentsOf(path.join(cases, of, name))
    const copied = await contentsOf(path.join(beforeUpdate, copy))
    expect([...copied.keys()]).toEqual(
      expect.arrayContaining(['config.json', 'audit.jsonl', 'audit.jsonl.head', 'regie.db', 'timeline.jsonl']),
    )
    for (const [file, content] of copied) expect(content, file).toBe(before.get(file))
    expect(JSON.parse(await readFile(dataPaths(folder.path).format, 'utf8'))).toMatchObject({ version })
  })
}
const title = 'the data folder “$name” of Regie $of'
/** In every run the first, which each change has to read, and the last; those between at night. */
const isDaily = ({ of }: (typeof written)[number]) => of === written[0]?.of || of === written.at(-1)?.of
describe.each(written.filter(isDaily))(title, opens)
describe.each(written.filter((one) => !isDaily(one)))(title, long, opens)

describe('a data folder of a newer Regie', () => {
  it.each([
    ['a later format', '{"format":99,"version":"9.1.0"}', { id: 'data-folder.newer', params: { version: '9.1.0' } }],
    ['no number that can be read', '{"form', { id: 'data-folder.format-unreadable' }],
  ])('with %s is refused by name, and left as it is', async (_what, content, problem) => {
    await using folder = await temporaryFolder('regie-newer')
    await cp(path.join(cases, '0.1.0', 'demo'), folder.path, { recursive: true })
    await writeFile(path.join(folder.path, 'format.json'), content)
    const before = await contentsOf(folder.path)
    const start = startPanel({ programs: bundle.programs, dataFolder: folder.path, demo: false })
    await expect(start).rejects.toMatchObject(problem)
    const after = await contentsOf(folder.path)
    for (const name of ['panel.lock', 'panel.log']) after.delete(name)
    expect(after).toEqual(before)
  })

  it('is not opened where the copy cannot be made, and opens once it can', async () => {
    await using folder = await temporaryFolder('regie-uncopied')
    await cp(path.join(cases, '0.1.0', 'demo'), folder.path, { recursive: true })
    // A file stands where the copies go.
    await writeFile(path.join(folder.path, 'before-update'), '')
    const options = { programs: bundle.programs, dataFolder: folder.path, demo: false }
    await expect(startPanel(options)).rejects.toMatchObject({ id: 'data-folder.not-copied' })
    await rm(path.join(folder.path, 'before-update'))
    // What a crash left half done is no copy.
    await mkdir(path.join(folder.path, 'before-update', '.0.1.0-1'), { recursive: true })
    const running = await startPanel(options)
    expect(await readdir(path.join(folder.path, 'before-update'))).toEqual([expect.stringMatching(/^0\.1\.0-\d{13}$/)])
    await running.stop()
  })
})
