export { GpuMonitor, type GpuMonitorOptions } from './monitor'
export { createGpuProgramChoice, namedPrograms, type GpuProgramChoice } from './program'
