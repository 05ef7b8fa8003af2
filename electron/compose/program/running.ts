import type { ComposeSpec } from '../../../shared/contract'
import { Problem, type ProblemId } from '../../../shared/problems'
import type { ComposeRun } from './compose'
import { faultyLine, projectFiles } from './files'
import type { RunOptions } from './program'
import { createProgressReader } from './progress'
import { hiderFor } from './quoted'

interface RunningOptions {
  program: { run(options: RunOptions): Promise<string> }
  redact: (text: string) => string
}

/** A command on a project, and how long it may take. */
export interface Command {
  arguments: readonly string[]
  timeoutMs: number
  /** Names the files where Compose would come to them by itself. */
  namesFiles?: boolean
}

/** Runs Compose on projects, with its steps told and what it quotes hidden. */
export function createRunning({ program, redact }: RunningOptions) {
  /** Runs Compose; where it names a line of faulty YAML, the line is made sure of. */
  const execute = async (options: RunOptions): Promise<string> => {
    try {
      return await program.run(options)
    } catch (error) {
      if (!(error instanceof Problem) || error.id !== 'compose.yaml') throw error
      const fault = await faultyLine(options.project.files)
      throw fault ? new Problem<ProblemId>(error.id, { ...error.params, line: fault.line }) : error
    }
  }

  const follow = ({ onStep }: ComposeRun, hide: (text: string) => string) => {
    if (!onStep) return undefined
    const progress = createProgressReader()
    return (line: string) => {
      const step = progress.read(line)
      if (!step) return
      // What is built is quoted in full: a line of a Dockerfile is a title.
      const shown = (text: string) => hide(redact(text))
      onStep({ ...step, id: shown(step.id), title: shown(step.title), detail: step.detail && shown(step.detail) })
    }
  }

  return {
    execute,
    async run(spec: ComposeSpec, { arguments: rest, timeoutMs, namesFiles }: Command, options: ComposeRun = {}) {
      const found = await projectFiles(spec)
      // Given a name and no file, Compose 2 looks at no file, and takes every container that has the project's label
      // (measured with 2.40.3): those of profiles that are off, and what no file names.
      const project = namesFiles ? { ...found, isOwn: false } : found
      const onLine = follow(options, await hiderFor(project))
      await execute({ project, arguments: rest, timeoutMs, signal: options.signal, onLine })
    },
  }
}
