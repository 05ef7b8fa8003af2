import { describe, expect, it } from 'vitest'
import type { Admitted, Route } from '../../../../electron/gateway/stages'
import { conditionOf, useOf, wakes } from '../../../../electron/gateway/waking/condition'
import type { Service } from '../../../../shared/contract'
import { asking, sleepyService } from './support'

const seen = (change: Partial<Service>, rotating: Parameters<typeof conditionOf>[1] = 'no', isJob = false) => {
  const condition = conditionOf(sleepyService(change), rotating, { isJob })
  return condition.is === 'coming' ? `coming: ${condition.why}` : condition.is
}
const health = (state: Service['health']['state'], more: Partial<Service['health']> = {}) => ({
  health: { state, since: 0, checkedAt: 0, rungs: [], checks: [], ...more },
})
const crashed = health('unhealthy', {
  rungs: [{ id: 'running', state: 'failed', asked: '', answered: '', at: 0, tookMs: 0 }],
})
const container = (state: NonNullable<Service['container']>['state']) => ({
  container: { id: 'c', name: 'c', image: 'i', state, startedAt: 0, restartCount: 1, exitCode: null },
})

describe('whether a service can be asked', () => {
  it.each<[string, Partial<Service>, string]>([
    ['ready', health('ready'), 'ready'],
    ['that answers badly, which it knows best itself', health('unhealthy'), 'ready'],
    ['stopped', health('stopped'), 'asleep'],
    ['that was never there', health('absent'), 'asleep'],
    ['that has crashed', crashed, 'asleep'],
    ['of which Docker tells nothing now', health('stopped', { problem: 'docker.unreachable' }), 'ready'],
    ['that starts', { ...health('stopped'), operation: 'start' }, 'coming: start'],
    ['that climbs', health('listening'), 'coming: start'],
    ['that is restarted', { ...health('ready'), operation: 'restart' }, 'coming: restart'],
    ['that Docker restarts', { ...crashed, ...container('restarting') }, 'coming: restart'],
    ['that is paused', { ...health('ready'), ...container('paused') }, 'asleep'],
    ['of which an image is built', { ...health('ready'), operation: 'rebuild' }, 'ready'],
    ['of which an image is fetched', { ...health('ready'), operation: 'pull' }, 'ready'],
    ['that is stopped now', { ...health('ready'), operation: 'stop' }, 'going'],
    ['that refuses the credential', health('locked-out'), 'refused'],
    ['that somebody else runs', { ...health('unreachable'), runtime: 'external' }, 'ready'],
  ])('one %s', (_, change, expected) => {
    expect(seen(change)).toBe(expected)
  })

  it('before a rotation restarts it only new jobs wait, and from then on everything, whoever runs it', () => {
    expect(seen(health('ready'), 'draining')).toBe('ready')
    expect(seen(health('ready'), 'draining', true)).toBe('coming: rotation')
    expect(seen(health('locked-out'), 'held')).toBe('coming: rotation')
    expect(seen({ ...health('ready'), runtime: 'external' }, 'held')).toBe('coming: rotation')
  })
})

describe('what a request is to a service that stands still', () => {
  const browser = (mode: string) => ({ headers: { 'sec-fetch-mode': mode, 'sec-fetch-site': 'same-origin' } })
  const upgrade = { isUpgrade: true, headers: { origin: 'http://127.0.0.1:9188' } }
  it.each<[string, Parameters<typeof asking>[0], Route['rule'], string]>([
    ['a job', { method: 'POST' }, 'job', 'wakes, is work'],
    ['a job of a page that is open', { method: 'POST', ...browser('cors') }, 'job', 'wakes, is work'],
    ['a page that is opened', { wantsPage: true, ...browser('navigate') }, 'everybody', 'wakes, is a visit'],
    ['a question of a program', {}, 'own', 'wakes'],
    ['the same with node’s fetch', { headers: { 'sec-fetch-mode': 'cors' } }, 'own', 'wakes'],
    ['an upload of a program', { method: 'POST', path: '/upload/image' }, 'own', 'wakes, is work'],
    ['an upload of a page', { method: 'POST', path: '/api/upload/mask', ...browser('cors') }, 'own', 'is work'],
    ['a question of a program that is posted', { method: 'POST', path: '/internal/progress' }, 'own', 'wakes'],
    ['what is called like an upload', { method: 'POST', path: '/uploads' }, 'unknown', 'wakes'],
    ['a socket of a program', { isUpgrade: true }, 'own', 'wakes'],
    ['a question of a page that was left open', browser('cors'), 'own', ''],
    ['a picture in a page', browser('no-cors'), 'own', ''],
    ['a setting that a page saves by itself', { method: 'POST', ...browser('same-origin') }, 'everybody', ''],
    ['a socket that a page opens anew', upgrade, 'own', ''],
  ])('%s', (_, asked, rule, expected) => {
    const admitted: Admitted = asking(asked, { rule })
    const use = { work: 'is work', visit: 'is a visit', none: '' }[useOf(admitted)]
    const words = [wakes(admitted) && 'wakes', use].filter(Boolean).join(', ')
    expect(words).toBe(expected)
  })
})
