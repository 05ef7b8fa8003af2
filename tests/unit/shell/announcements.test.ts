import { describe, expect, it } from 'vitest'
import type { Alert, Generation, PanelEvent, Rotation, Update } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { announcementOf } from '../../../electron/shell/announcements'

const generation = (change: Partial<Generation>): PanelEvent => ({
  type: 'generation',
  generation: {
    id: 'g1',
    by: 'admin',
    serviceId: 'comfyui-qwen',
    kind: 'comfyui',
    simulated: false,
    state: 'succeeded',
    params: { prompt: 'a lighthouse' },
    progress: { phase: 'done', fraction: 1, step: null, steps: null, queuePosition: null },
    images: [],
    timings: { queueMs: 4_000, loadMs: 6_000, sampleMs: null, decodeMs: null, totalMs: 10_000 },
    cached: false,
    warnings: [],
    createdAt: 1,
    startedAt: 2,
    finishedAt: 3,
    ...change,
  },
})

const rotation = (change: Partial<Rotation>): PanelEvent => ({
  type: 'rotation',
  rotation: {
    id: 'r1',
    credentialId: 'forge-turbo',
    state: 'running',
    startedAt: 1,
    finishedAt: null,
    startedBy: 'owner',
    oldFingerprint: null,
    newFingerprint: null,
    steps: [],
    proof: [],
    ...change,
  },
})

const update = (change: Partial<Update>): PanelEvent => ({
  type: 'update',
  update: {
    ...{ id: 'u1', serviceId: 'forge', stackId: 'forge-turbo', from: '1', to: '2', state: 'running' },
    ...{ startedBy: 'ann', startedAt: 1, finishedAt: null, answering: null, besidePort: null, steps: [] },
    ...{ parts: [], checks: [], pictures: { old: null, new: null }, sampling: null, withoutAnswerMs: null },
    ...{ keptUntil: null, keptBytes: null, lastUndo: null },
    ...change,
  },
})

describe('what is announced to somebody who looks elsewhere', () => {
  it('is a generation that took long, with its prompt', () => {
    expect(announcementOf(generation({}), 'en')).toEqual({
      title: 'Images ready on comfyui-qwen',
      body: 'a lighthouse',
    })
  })

  it('is not a short generation, nor one under way or cancelled', () => {
    const short = { queueMs: 0, loadMs: null, sampleMs: null, decodeMs: null, totalMs: 2_000 }

    expect(announcementOf(generation({ timings: short }), 'en')).toBeNull()
    expect(announcementOf(generation({ state: 'running' }), 'en')).toBeNull()
    expect(announcementOf(generation({ state: 'cancelled' }), 'en')).toBeNull()
  })

  it('is a failure, in the language of the reader', () => {
    const error = reason('backend.unreachable', { url: 'http://127.0.0.1:8188' })

    expect(announcementOf(generation({ state: 'failed', error }), 'fr')).toEqual({
      title: 'Échec de la génération sur comfyui-qwen',
      body: 'Rien ne répond à http://127.0.0.1:8188.',
    })
  })

  it('is that a credential has grown too old, once it falls due', () => {
    const due = { type: 'rotation-due', credentialId: 'forge-turbo', dueAt: 0 } as const
    expect(announcementOf(due, 'fr')?.title).toBe('forge-turbo : renouvellement à faire')
  })

  it('is how a rotation ended, and nothing before', () => {
    expect(announcementOf(rotation({}), 'en')).toBeNull()
    expect(announcementOf(rotation({ state: 'committed' }), 'en')).toEqual({
      title: 'forge-turbo was rotated',
      body: 'No service uses it, so there was nothing to verify.',
    })
    expect(announcementOf(rotation({ state: 'rolled-back' }), 'en')?.title).toContain('rolled back')
    expect(announcementOf(rotation({ state: 'failed' }), 'fr')?.title).toContain('n’a pas pu être annulé')
  })

  it('is how an update ended by itself, and not one under way, kept or undone by a person', () => {
    const cause = reason('gpu.lost', { gpu: 'GPU 0' })
    expect(announcementOf(update({ state: 'switched' }), 'en')?.title).toBe('forge was updated to 2')
    expect(announcementOf(update({ state: 'rolled-back', reason: cause }), 'en')).toEqual({
      title: 'forge: the update was rolled back',
      body: cause.message,
    })
    expect(announcementOf(update({ state: 'failed', reason: cause }), 'fr')?.title).toBe(
      'forge : la mise à jour n’a pas pu être annulée',
    )
    for (const state of ['running', 'rolling-back', 'rolled-back', 'kept'] as const)
      expect(announcementOf(update({ state }), 'en')).toBeNull()
  })
})

describe('of alerts', () => {
  const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
    ...{ id, rule: 'locked-out', severity: 'critical', about: `service ${id}`, kind: 'service-locked-out' },
    ...{ subject: id, count: 1, leadsTo: { page: 'services', id }, since: 1, raisedAt: 1, overAt: null },
    ...{ muted: false, deliveries: [] },
    ...change,
  })
  const told = (...alerts: Alert[]) => announcementOf({ type: 'alert-told', alerts }, 'fr')

  it('is what one says, that it is over, several as one, and a test', () => {
    const cause = reason('gpu.lost', { gpu: 'GPU 0' })
    expect(told(alert('a', { reason: cause }))).toEqual({
      title: 'Service qui refuse son identifiant: a',
      body: 'Le GPU GPU 0 ne répond plus.',
    })
    expect(told(alert('a', { overAt: 2 }))?.title).toContain('Terminé')
    expect(told(alert('a'), alert('b'))?.title).toBe('Regie : 2 alertes')
    expect(told()?.title).toBe('Regie : un test')
  })

  it('is nothing that was announced when it happened', () => {
    expect(told(alert('a', { rule: 'rotation-failed' }))).toBeNull()
  })
})
