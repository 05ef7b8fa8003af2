import type { GpuProgram, GpuReport } from '../../shared/contract'
import type { Machine } from '../system/machine'
import { checkNamedProgram, locateNvidiaSmi, type NamedPrograms } from './find-nvidia-smi'
import type { GpuMonitor } from './monitor'

/** The variable that names a program in place of nvidia-smi. */
const variable = 'REGIE_NVIDIA_SMI'

/** How long the answer to a new choice waits for the program's first word, in ms: a driver may have to be loaded. */
const firstWordMs = 10_000

interface ProgramStore {
  read(): string | null
  write(program: string | null): void
}

/** What is named now, by whom. */
export const namedPrograms = (store: Pick<ProgramStore, 'read'>, env: NodeJS.ProcessEnv = process.env) => {
  const environment = env[variable]?.trim() ?? ''
  return (): NamedPrograms => ({ setting: store.read(), environment: environment === '' ? null : environment })
}

export interface GpuProgramOptions {
  store: ProgramStore
  named: () => NamedPrograms
  monitor: Pick<GpuMonitor, 'restart' | 'report'>
  machine: Machine
  /** Writes down what is about to be done; throws where that cannot be written, and then it is not done. */
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
}

export type GpuProgramChoice = ReturnType<typeof createGpuProgramChoice>

/** Which program is asked about the GPUs, and the choice of another one: an administrator's, for it is run. */
export function createGpuProgramChoice({ store, named, monitor, machine, auditFirst }: GpuProgramOptions) {
  async function status(): Promise<GpuProgram> {
    const { setting, environment } = named()
    const located = await locateNvidiaSmi({ setting, environment }, machine)
    return 'reason' in located
      ? { setting, environment, inUse: null, reason: located.reason }
      : { setting, environment, inUse: located.program }
  }

  return {
    status,

    /**
     * Names another program, or none, and asks it at once. Throws a Problem where it is none that can be run; then the
     * former choice stays.
     */
    async set(program: string | null, who: string): Promise<{ program: GpuProgram; report: GpuReport }> {
      if (program !== null) await checkNamedProgram(program, machine.platform)
      if (program !== store.read()) {
        await auditFirst({ who, action: 'gpu.program-changed', target: '', details: { program: program ?? '(found)' } })
        store.write(program)
        monitor.restart()
      }
      const report = await monitor.report(firstWordMs)
      return { program: await status(), report }
    },
  }
}
