import { isGpuUuid, readNumber, readText } from './parse-gpus'

export interface ComputeProcess {
  gpuUuid: string
  pid: number
  memoryMiB: number | null
  /** Path or name of the program; empty where the system does not tell. */
  name: string
}

/** Columns of `--query-compute-apps`, in the order that `parseProcesses` reads. The name may hold commas: last. */
export const processFields = 'gpu_uuid,pid,used_memory,process_name'

/** Reads `nvidia-smi --query-compute-apps=… --format=csv,noheader,nounits`; no process is no output. */
export function parseProcesses(text: string): ComputeProcess[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [gpuUuid = '', pid = '', memory = '', ...name] = line.split(',')
    if (!isGpuUuid(gpuUuid.trim()) || !/^\s*\d+\s*$/.test(pid) || name.length === 0) return []
    const shown = readText(name.join(',')) ?? ''
    return [{ gpuUuid: gpuUuid.trim(), pid: Number(pid), memoryMiB: readNumber(memory), name: shown }]
  })
}
