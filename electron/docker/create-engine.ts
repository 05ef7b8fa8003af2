import os from 'node:os'
import { Problem } from '../../shared/problems'
import { asItIs, type Redact } from '../logs/cutting'
import { searchFor, type Surroundings } from './connection/candidates'
import type { Engine } from './engine'
import { Connecting, type ConnectingOptions } from './connecting'
import { createKnownEngine } from './known-engine'

export interface EngineOptions extends Pick<ConnectingOptions, 'composeProgram' | 'reportBug' | 'timing'> {
  /** Where the address that was set in Regie is kept. */
  address: { read(): string | null; write(address: string | null): void }
  /** For what programs say when the engine cannot be reached. Left out, that is shown as it is. */
  redact?: Redact
  /** In place of this process's own environment. */
  surroundings?: Partial<Omit<Surroundings, 'setting' | 'redact'>>
}

/**
 * Looks for the engine at once, without anybody waiting for it, and again and again with growing pauses until it
 * answers. While there is none, that costs one failed connection now and then.
 */
export function createEngine(options: EngineOptions): Engine {
  const { address, reportBug } = options
  const surroundings = (setting: string | null): Surroundings => ({
    platform: process.platform,
    env: process.env,
    home: os.homedir(),
    uid: process.getuid?.() ?? null,
    ...options.surroundings,
    setting,
    redact: options.redact ?? asItIs,
  })
  const known = createKnownEngine({
    platform: surroundings(null).platform,
    address: () => address.read(),
    reportBug,
  })
  const connecting = new Connecting({ ...options, known, surroundings: () => surroundings(address.read()) })
  void connecting.look()

  return {
    status: known.status,
    async client() {
      const client = await connecting.client()
      if (client) return client
      const why = known.cause()
      throw new Problem(why.problem, why.params)
    },
    containers: known.containers,
    onChange: known.onChange,
    async reconnect() {
      if (!known.isClosed()) await connecting.ensure()
      return known.status()
    },
    async setAddress(next) {
      const wanted = next?.trim() || null
      if (wanted !== null) {
        const problem = searchFor(surroundings(wanted), null).candidates[0]?.problem
        if (problem) throw new Problem(problem.problem, problem.params)
      }
      address.write(wanted)
      await connecting.startAnew()
      return known.status()
    },
    environment: () => connecting.environment(),
    async close() {
      known.close()
      await connecting.close()
    },
  }
}
