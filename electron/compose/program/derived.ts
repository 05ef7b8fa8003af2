import { parse } from 'yaml'
import { Problem } from '../../../shared/problems'
import { buildArguments, configArguments, upArguments, type Program, type ProjectFiles } from './arguments'
import type { ComposeRun, DerivedProject, DeriveFrom } from './compose'
import { projectFiles } from './files'
import type { RunOptions } from './program'
import { createProgressReader } from './progress'
import { hiderFor } from './quoted'

interface DerivingOptions {
  find: () => Promise<Program>
  execute: (options: RunOptions) => Promise<string>
  redact: (text: string) => string
  patienceMs: { config: number; up: number }
}

/** A model as `config` prints it, before anything is known of it. */
function readModel(output: string): unknown {
  try {
    return output.trimStart().startsWith('{') ? JSON.parse(output) : parse(output)
  } catch (error) {
    throw new Problem('compose.unreadable', { detail: error instanceof Error ? error.name : '' })
  }
}

/** Makes projects of others' models. `change` is given the model as Compose prints it, and answers the new one. */
export function createDeriving({ find, execute, redact, patienceMs }: DerivingOptions) {
  return async (from: DeriveFrom, change: (model: unknown) => object): Promise<DerivedProject> => {
    const found = await projectFiles(from.spec)
    const { settings: environment, signal } = from
    const printed = await execute({
      ...{ project: found, arguments: configArguments(await find()), timeoutMs: patienceMs.config },
      ...{ environment, signal },
    })
    const input = JSON.stringify(change(readModel(printed)))
    const project: ProjectFiles = { ...found, isPiped: true, project: from.project, profiles: [], envFile: null }
    const run = async (rest: readonly string[], { onStep, signal: cancelled }: ComposeRun) => {
      const hide = await hiderFor(found)
      const shown = (text: string) => hide(redact(text))
      const progress = createProgressReader()
      await execute({
        ...{ project, arguments: rest, timeoutMs: patienceMs.up, signal: cancelled, environment, input },
        onLine: (line) => {
          const step = onStep && progress.read(line)
          if (!step) return
          onStep({ ...step, id: shown(step.id), title: shown(step.title), detail: step.detail && shown(step.detail) })
        },
      })
    }
    return {
      build: (service, options = {}) => run(buildArguments(service), options),
      up: (service, options = {}) => run(upArguments([service], 'always'), options),
    }
  }
}
