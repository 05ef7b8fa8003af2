import { expect, it } from 'vitest'
import { rivalsOf } from '../../../electron/sleeping/monitors'
import type { Service } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'

const service = (id: string, idle: Partial<Service['idle']>): Service => ({
  ...{ id, kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:8188', credentialId: null, tags: [] },
  ...{ idle: { ...neverSleeps, ...idle }, muted: false, operation: null, adopted: false, pid: null, model: null },
  ...{ queue: null, progress: null, pending: null, compose: { file: '/srv/compose.yaml', service: id } },
  container: { id, name: id, image: 'comfyui', state: 'running', startedAt: 0, restartCount: 0, exitCode: null },
  health: { state: 'ready', since: 0, checkedAt: 0, rungs: [], checks: [] },
})
const container = (name: string, more: Partial<Parameters<typeof rivalsOf>[1][number]> = {}) => ({
  ...{ id: name, name, image: 'python:3.11', state: 'running' as const, compose: null },
  ...more,
})

it('names a monitor of the deployment’s own that puts the same service to sleep, and nothing else', () => {
  const qwen = service('comfyui-qwen', { stopAfterMin: 45 })
  const monitor = container('comfyui-qwen-idle-monitor')
  expect(rivalsOf([qwen], [container('comfyui-qwen'), monitor])).toMatchObject([
    { problem: 'sleeping.rivals', params: { services: 'comfyui-qwen', monitors: 'comfyui-qwen-idle-monitor' } },
  ])
  // By the program that it runs, where its name says only whom it watches.
  const byWords = container('comfyui-qwen-watch', { tellingWords: ['comfyui_idle_monitor.py'] })
  expect(rivalsOf([qwen], [byWords])).toHaveLength(1)
  // Another service's, one that stands still, and one beside a service that Regie never puts to sleep.
  expect(rivalsOf([qwen], [container('forge-idle-monitor')])).toEqual([])
  expect(rivalsOf([qwen], [container('comfyui-qwen-idle-monitor', { state: 'exited' })])).toEqual([])
  expect(rivalsOf([service('comfyui-qwen', { wake: true })], [monitor])).toEqual([])
})
