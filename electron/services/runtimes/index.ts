import type { ServiceConfig } from '../../../shared/contract'
import type { Compose } from '../../compose/program/compose'
import type { Engine } from '../../docker/engine'
import { composeRuntime, type ComposeRuntimeParts } from './compose'
import { unmanagedRuntime } from './external'
import { processRuntime } from './process'
import type { Runtime } from './runtime'
import type { Giving } from '../secrets/giving'
import { simulatorRuntime } from './simulator'

export interface RuntimeParts extends Omit<ComposeRuntimeParts, 'engine' | 'compose'> {
  /** Where services have their folders. */
  folder: string
  /** Absolute paths of the bundled programs. */
  programs: { simulator: string; guardian: string }
  /** Lends programs what they are given of the vault. */
  giving: Giving
  engine?: Engine | undefined
  compose?: Compose | undefined
}

/** Makes the runtime of one service. `onChange` is called when something happened to it that no look has asked for. */
export function createRuntime(config: ServiceConfig, onChange: () => void, parts: RuntimeParts): Runtime {
  const { folder, programs, engine, compose, giving } = parts
  switch (config.runtime) {
    case 'simulator':
      return simulatorRuntime(config, { program: programs.simulator, folder })
    case 'process':
      return processRuntime(config, { program: programs.guardian, folder, giving })
    case 'external':
      return unmanagedRuntime(config, 'service.external')
    case 'compose':
      return engine && compose
        ? composeRuntime(config, onChange, { ...parts, engine, compose })
        : unmanagedRuntime(config, 'service.compose-unavailable')
  }
}
