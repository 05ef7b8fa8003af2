import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProving, type Stages } from '../../../electron/gateway'
import { askListener } from '../../../electron/gateway/self-asking'
import { openAuthority } from '../../../electron/tls'
import type { Attention, Credential, Proof, ProofRow, Rotation } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { startFrontDoor, startUpstream } from '../../support/front-door'
import { bundlePanelPrograms } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { startWakingPanel, type WakingPanel } from '../../support/waking'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let house: WakingPanel
/** How the panel's gateway treats what a rotation asks to prove itself. */
let proofs: 'pass' | 'refused' | { url: string } = 'pass'
/** What somebody is answered who asks at the same time, and how the rotation stood then. */
let meanwhile: Promise<{ status: number; state: Rotation['state'] }> | null = null

const tampered = (own: Stages): Stages => ({
  ...own,
  async admit(asked) {
    const guest = await own.admit(asked)
    const isProof = 'account' in guest && guest.account === 'regie'
    return isProof && proofs === 'refused' ? { refused: new Problem('gateway.closed'), status: 403 } : guest
  },
  ready(admitted, again) {
    if (admitted.guest.account !== 'regie') return own.ready(admitted, again)
    meanwhile ??= house.ask('/system_stats').then(async ({ status }) => ({ status, state: (await last()).state }))
    return typeof proofs === 'object' ? proofs : own.ready(admitted, again)
  },
})

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  house = await startWakingPanel({ ...programs, gatewayStages: tampered })
})
afterAll(async () => {
  await house.stop()
  await programs.remove()
})

const last = async () => (await house.running.rest('GET', `credentials/${house.id}/rotation`)).body as Rotation

async function rotate(): Promise<Rotation> {
  await house.running.rest('POST', `credentials/${house.id}/rotate`)
  return last()
}

const gatewayRows = (rows: readonly ProofRow[]) => rows.filter(({ purpose }) => purpose === 'gateway')

test('a rotation proves itself through the gateway, while everybody else is held for it', async () => {
  await house.act('start')
  await house.is('ready')
  const rotation = await rotate()
  expect(rotation.state).toBe('committed')
  const [row, ...others] = gatewayRows(rotation.proof)
  expect(others).toEqual([])
  expect(row).toMatchObject({
    ...{ serviceId: house.id, surface: 'GET /system_stats (gateway)' },
    ...{ none: { got: null, state: 'not-counted' }, fresh: { expect: 200, got: 200, state: 'pass' } },
  })
  const { body } = await house.running.rest('GET', `credentials/${house.id}`)
  expect(gatewayRows((body as Credential).lastProof?.rows ?? [])).toEqual([row])
  expect(await meanwhile).toEqual({ status: 200, state: 'committed' })
  const { body: usage } = await house.running.rest('GET', 'usage')
  expect(JSON.stringify(usage)).not.toContain('"regie"')
})

test('a gateway that opens the service with another secret, or refuses, has the rotation rolled back', async () => {
  await using stale = await startUpstream((_, response) => response.writeHead(401).end())
  for (const [how, got] of [
    [{ url: stale.url }, 401],
    ['refused', 403],
  ] as const) {
    proofs = how
    const rotation = await rotate()
    expect(rotation).toMatchObject({
      ...{ state: 'rolled-back', failedStep: 'prove' },
      reason: { problem: 'proof.gateway', params: { service: house.id, status: got } },
    })
    expect(gatewayRows(rotation.proof)).toMatchObject([{ fresh: { got, state: 'fail' } }])
  }
  proofs = 'pass'
  await house.is('ready')
  expect((await house.ask('/system_stats')).status).toBe(200)
})

async function verify() {
  const { body } = await house.running.rest('POST', `credentials/${house.id}/verify`)
  const { body: credential } = await house.running.rest('GET', `credentials/${house.id}`)
  return { proof: body as Proof, credential: credential as Credential }
}

test('a check that a person asks for goes through the gateway too, and names it', async () => {
  const { proof, credential } = await verify()
  expect(proof.outcome).toBe('proven')
  expect(gatewayRows(proof.rows)).toMatchObject([
    { serviceId: house.id, surface: 'GET /system_stats (gateway)', fresh: { got: 200, state: 'pass' } },
  ])
  expect(proof.rows.length).toBeGreaterThan(1)
  expect(credential.lastProof).toEqual(proof)
})

test('a gateway that refuses fails the check by name: nothing is changed, and no service is said to refuse', async () => {
  const before = (await verify()).credential
  proofs = 'refused'
  const { proof, credential } = await verify()
  proofs = 'pass'
  expect(proof).toMatchObject({
    outcome: 'failed',
    reason: { problem: 'proof.gateway', params: { service: house.id, status: 403 } },
  })
  expect(proof.rows.filter(({ fresh }) => fresh.state === 'fail')).toEqual(gatewayRows(proof.rows))
  expect(credential).toEqual({ ...before, lastProof: proof })
  expect(credential.state).toBe('in-sync')
  const { body } = await house.running.rest('GET', 'attention')
  expect((body as Attention).items.filter(({ kind }) => kind === 'credential-refused')).toEqual([])
})

test('a service whose gateway is off is asked directly alone', async () => {
  const off = { gateway: { ...(await house.service()).gateway, enabled: false } }
  expect((await house.running.rest('PATCH', `services/${house.id}`, off)).status).toBe(200)
  await house.running.panel.parts.gateway.settled()
  const { proof } = await verify()
  expect(proof.outcome).toBe('proven')
  expect(gatewayRows(proof.rows)).toEqual([])
})

test('over TLS it asks whoever shows the listener’s certificate, and nobody else', async () => {
  await using folder = await temporaryFolder()
  const authority = await openAuthority({
    ...{ folder: folder.path, machine: 'workstation', auditFirst: () => Promise.resolve() },
  })
  await authority.create([], 'owner')
  await using upstream = await startUpstream((_, response) => response.end('{}'))
  const proving = createProving({ urlOf: () => upstream.url })
  const gateway = { tls: 'own-authority' } as const
  const stages = proving.around
  await using door = await startFrontDoor({ url: upstream.url, authority, gateway, stages })
  const signal = AbortSignal.timeout(10_000)
  const ask = proving.through((id) => door.gateway.at(id))('qwen')
  expect(await ask?.('/system_stats', signal)).toEqual({ status: 200, refused: false })
  await using other = await startFrontDoor({
    url: upstream.url,
    authority,
    gateway: { ...gateway, names: ['other.localhost'] },
  })
  const place = door.gateway.at('qwen')
  if (!place) throw new Error('it does not listen')
  const astray = askListener({ ...place, port: other.port }, { path: '/', key: 'a key' }, signal)
  await expect(astray).rejects.toMatchObject({ id: 'backend.tls' })
})
