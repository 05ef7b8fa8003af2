export { GpuMonitor, type GpuMonitorOptions } from './monitor'
export { createGpuProgramChoice, namedPrograms, type GpuProgramChoice } from './program'
export { holdersOf } from './holders'
export { askCounters, figuresOf, findPowerShell, type HostCounters } from './host-counters'
