import { describe, expect, it } from 'vitest'
import {
  About,
  Gateway,
  Generation,
  GpuReport,
  PanelEvent,
  Service,
  Sleeper,
  UserService,
} from '../../../shared/contract'
import { narrowedForUsers } from '../../../electron/api/narrowing'
import { reason } from '../../../shared/problems'
import { sampleOf } from '../../support/sample'

const canary = 'canary-x7Qm'
const folder = `/srv/${canary}/of-ann`
const user = (schema: Parameters<typeof narrowedForUsers>[0], answer: unknown) =>
  narrowedForUsers(schema, answer, () => false)

const service: Service = {
  ...sampleOf(Service),
  ...{ id: 'forge', name: 'Forge in the attic', runtime: 'process', url: `http://${canary}:7860`, tags: ['attic'] },
  ...{ credentialId: canary, pid: 4242, model: 'sdxl', queue: { running: 1, waiting: 2 }, muted: true },
  process: { command: canary, args: ['--api-auth', canary], env: { HF_TOKEN: canary }, cwd: folder },
  compose: { file: `${folder}/compose.yaml`, service: canary },
  progress: { startedAt: 1, cancellable: true, steps: [{ id: '1', title: canary, state: 'running', detail: canary }] },
  pending: { action: 'restart', reason: reason('service.folder-missing', { folder }) },
  health: {
    ...{ state: 'unhealthy', since: 1, checkedAt: 2, reason: `…${folder}`, hint: canary },
    ...{ problem: 'service.folder-missing', params: { folder } },
    rungs: [{ id: 'present', state: 'failed', asked: canary, answered: folder, at: 1, tookMs: 1 }],
    checks: [{ id: 'gpu', state: 'failed', asked: canary, answered: canary, at: 1, tookMs: 1 }],
  },
}

describe('of a service a user', () => {
  it('is told how it is, and not how and where it is run: alone, in a list and in an event', () => {
    const event = { type: 'service', service }
    const shown = [user(Service, service), user(Service.array(), [service]), user(PanelEvent, event)]

    for (const one of shown) expect(JSON.stringify(one)).not.toContain(canary)
    expect(shown[0]).toMatchObject({
      ...{ id: 'forge', name: 'Forge in the attic', kind: service.kind, runtime: 'process', tags: ['attic'] },
      ...{ model: 'sdxl', queue: { running: 1, waiting: 2 }, idle: service.idle },
      health: { state: 'unhealthy', problem: 'service.folder-missing', params: { folder: '…' } },
    })
    expect(UserService.parse(shown[0])).toEqual(shown[0])
    // It is a Service all the same, for whoever reads one.
    expect(Service.parse(shown[0])).toEqual(shown[0])
    expect(narrowedForUsers(Service, service, () => true)).toBe(service)
  })
})

it('of a sleeper a user is told why it sleeps, and neither who woke it nor what keeps it awake', () => {
  const sleeper: Sleeper = {
    ...sampleOf(Sleeper),
    why: reason('waking.request', { who: canary }),
    held: reason('sleeping.rotating', { minutes: 45, credential: canary }),
    keeps: [{ by: 'rotation', credentialId: canary }],
  }
  const asleep: Sleeper = { ...sleeper, state: 'asleep', why: reason('sleeping.stopped', { minutes: 45 }) }
  const shown = user(Gateway, { listeners: [], sleepers: [sleeper, asleep], services: [] })
  expect(JSON.stringify(shown)).not.toContain(canary)
  expect(shown).toMatchObject({
    sleepers: [{ why: null, held: null, keeps: [] }, { why: { params: { minutes: 45 } } }],
  })
})

it('of a generation a user is told no place, neither in its reasons nor where its service keeps its files', () => {
  const failure = reason('generation.service-ended', { service: 'forge' })
  const generation: Generation = {
    ...sampleOf(Generation),
    ...{ serviceId: 'forge', warnings: [reason('backend.refused', { url: `http://${canary}`, status: 401 })] },
    error: { ...failure, detail: `Traceback: ${folder}/x.py` },
    left: { count: 1, why: 'files', place: folder },
  }

  expect(JSON.stringify(user(Generation, generation))).not.toContain(canary)
  expect(user(Generation, generation)).toMatchObject({
    warnings: [{ message: 'forge refuses Regie’s credential (401).' }],
    error: { problem: failure.problem, detail: 'Traceback: …' },
    left: { count: 1, place: null },
  })
})

it('of GPUs a user is told the figures and which service holds what, not which programs run', () => {
  const report = sampleOf(GpuReport)
  const card = sampleOf(GpuReport.shape.gpus.element)
  const processes = [{ pid: 7, name: folder, memoryMiB: 512, serviceId: 'forge' }]
  const whole = { ...report, reason: reason('gpu.failed', { code: 1, words: folder }), gpus: [{ ...card, processes }] }

  expect(user(GpuReport, whole)).toMatchObject({
    gpus: [{ processes: [{ memoryMiB: 512, serviceId: 'forge', name: '' }] }],
  })
  expect(JSON.stringify(user(GpuReport, whole))).not.toContain(canary)
})

it('of the panel a user is told its version, not where its data lies and what there is to be told', () => {
  const about: About = {
    ...{ version: '1.2.3', commit: null, platform: canary, nodeVersion: canary, electronVersion: canary },
    ...{ dataFolder: folder, startedAt: 1, demo: true, notices: [reason('config.unreadable', { kept: folder })] },
  }
  expect(user(About, about)).toMatchObject({ version: '1.2.3', demo: true, dataFolder: '', notices: [] })
  expect(JSON.stringify(user(About, about))).not.toContain(canary)
})
