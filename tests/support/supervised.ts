import { afterEach, expect } from 'vitest'
import { createBackend } from '../../electron/kinds'
import type { ImageBackend } from '../../electron/kinds/backend'
import { asItIs, wholeText } from '../../electron/logs/cutting'
import type { ContainerWatch } from '../../electron/services/container'
import type { ContainerRuntime, Presence, Run, Runtime } from '../../electron/services/runtimes/runtime'
import { supervise } from '../../electron/services/supervisor'
import type { ServiceConfig, ServiceContainer } from '../../shared/contract'

export const specOf = (project: string) => ({ file: '/srv/compose.yaml', service: 'web', project })

export const config: ServiceConfig = {
  ...{ id: 'qwen', kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:9' },
  compose: specOf('one'),
}

export const container: ServiceContainer = {
  ...{ id: 'c1', name: 'one-web-1', image: 'x', state: 'running', startedAt: null, restartCount: 0, exitCode: null },
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Made {
  /** What its container is in the engine's list. */
  shown: () => ServiceContainer | null
  /** The container that a runtime of a configuration finds running; none unless said. */
  finds?: (config: ServiceConfig) => Promise<Run | null>
  launch?: Runtime['launch']
  presence?: () => Promise<Presence>
  /** Takes the place of what its address is asked. */
  probe?: ImageBackend['probe']
  containers?: Pick<ContainerWatch, 'look' | 'stopping'>
  /** Takes what a runtime calls when Docker tells of its container. */
  onRuntime?: (notice: () => void) => void
}

/** A service of a container of which nothing is real; it is closed after the test, and must have met no bug. */
export function supervised({ shown, finds, launch, presence, probe, containers: watch, onRuntime }: Made) {
  const bugs: unknown[] = []
  // Only what a look and a change of the configuration ask of a container's runtime.
  const containers = {
    ...{
      container: shown,
      facts: () => null,
      listed: () => null,
      changes: () => Promise.resolve({ known: true, changes: [] }),
    },
  } as unknown as ContainerRuntime
  const makeRuntime = (of: ServiceConfig, notice: () => void): Runtime => {
    onRuntime?.(notice)
    return {
      ...{ unmanaged: () => null, startTimeoutMs: 1000, stopGraceMs: 1000, containers },
      presence: presence ?? (() => Promise.resolve({ asked: '', answered: '', reason: null })),
      launch: launch ?? (() => Promise.reject(new Error('not asked for'))),
      find: () => finds?.(of) ?? Promise.resolve(null),
      goesOnWith: (changed) => JSON.stringify(changed.compose) === JSON.stringify(of.compose),
    }
  }
  const supervisor = supervise({
    ...{ config, makeRuntime, redact: asItIs, places: wholeText, onChange: () => undefined, occupant: () => null },
    backendFor: ({ id: serviceId, kind, url }) => ({
      ...createBackend({ serviceId, kind, url, lendSecret: async (use) => use(null), redact: asItIs }),
      ...(probe && { probe }),
    }),
    reportBug: (error) => bugs.push(error),
    containers: watch,
  })
  closers.push(async () => {
    await supervisor.close()
    expect(bugs).toEqual([])
  })
  return supervisor
}
