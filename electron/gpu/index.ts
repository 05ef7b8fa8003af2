export { createGpuMonitor, type GpuMonitor, type GpuMonitorOptions } from './monitor'
