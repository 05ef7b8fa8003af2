import {
  HealthState,
  type Attention,
  type Credential,
  type Gateway,
  type GpuReport,
  type Service,
} from '../../shared/contract'
import { beginSeries } from './counting'
import type { Instruments } from './instruments'
import type { MetricsPorts } from './ports'

type Read = Instruments['read']

/** Figures are of this machine until others are attached. */
const machine = 'local'
const mebibyte = 1024 * 1024
const credentialStates = ['in-sync', 'drifted', 'refused', 'rotating'] as const satisfies readonly Credential['state'][]

/** Sets a value that may be unknown: what is not known has no series, and is no 0. */
function setKnown(set: (value: number) => void, value: number | null | undefined, times = 1): void {
  if (value !== null && value !== undefined) set(value * times)
}

function readServices(read: Read, services: readonly Service[], waiting: readonly { serviceId: string }[]): void {
  for (const state of HealthState.options)
    read.services.set({ state }, services.filter(({ health }) => health.state === state).length)
  for (const { id, kind, health, queue } of services) {
    const of = { service: id, machine }
    for (const state of HealthState.options) read.state.set({ ...of, kind, state }, Number(health.state === state))
    read.up.set(of, Number(health.state === 'ready'))
    setKnown((value) => read.queueRunning.set(of, value), queue?.running)
    setKnown((value) => read.queueWaiting.set(of, value), queue?.waiting)
    read.lineWaiting.set(of, waiting.filter(({ serviceId }) => serviceId === id).length)
  }
}

function readGpus(read: Read, { state, gpus }: GpuReport): void {
  read.gpusLive.set(Number(state === 'live'))
  if (state !== 'live') return
  for (const { uuid, name, driverVersion, processes, ...card } of gpus) {
    const of = { gpu: uuid, machine }
    read.gpuInfo.set({ ...of, name, driver: driverVersion ?? '' }, 1)
    setKnown((value) => read.gpuUtilization.set(of, value), card.utilizationPct, 0.01)
    setKnown((value) => read.gpuMemoryUsed.set(of, value), card.memoryUsedMiB, mebibyte)
    setKnown((value) => read.gpuMemoryTotal.set(of, value), card.memoryTotalMiB, mebibyte)
    setKnown((value) => read.gpuTemperature.set(of, value), card.temperatureC)
    setKnown((value) => read.gpuPower.set(of, value), card.powerW)
    setKnown((value) => read.gpuPowerLimit.set(of, value), card.powerLimitW)
    for (const { serviceId, memoryMiB } of processes)
      if (serviceId !== null && memoryMiB !== null)
        read.serviceVram.inc({ service: serviceId, ...of }, memoryMiB * mebibyte)
  }
}

function readCredentials(read: Read, credentials: readonly Credential[]): void {
  for (const { id, state, drifted } of credentials) {
    read.drifted.set({ credential: id }, drifted)
    for (const each of credentialStates)
      read.credentialState.set({ credential: id, state: each }, Number(each === state))
  }
}

function readAttention(read: Read, items: Attention['items']): void {
  for (const { kind, urgent } of items) read.attention.inc({ kind, urgent: String(urgent) })
}

function readGateway(read: Read, { listeners, sleepers }: Pick<Gateway, 'listeners' | 'sleepers'>): void {
  for (const { serviceId, state, inFlight, sockets, held } of listeners) {
    if (state === 'off') continue
    const of = { service: serviceId, machine }
    read.listening.set(of, Number(state === 'listening'))
    read.inFlight.set(of, inFlight)
    read.sockets.set(of, sockets)
    read.held.set(of, held)
  }
  for (const { serviceId, state } of sleepers)
    if (state !== 'unknown') read.asleep.set({ service: serviceId, machine }, Number(state === 'asleep'))
}

const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id)

/** Reads what is so at this moment. A part that cannot be read has no series; the others are told all the same. */
export async function readNow({ read, counted }: Instruments, ports: MetricsPorts): Promise<void> {
  for (const each of Object.values(read)) each.reset()
  const [gpus, credentials, attention, sleepers] = await Promise.all([
    ...([ports.gpus(), ports.credentials(), ports.attention(), ports.sleepers()] as const),
  ])
  const { version, commit, startedAt } = ports.about()
  read.info.set({ version, commit: commit ?? '' }, 1)
  read.startTime.set(startedAt / 1000)
  read.memory.set(process.memoryUsage.rss())
  const { user, system } = process.cpuUsage()
  counted.cpu.reset()
  counted.cpu.inc((user + system) / 1_000_000)
  read.vaultOpen.set(Number(ports.vault().state === 'open'))
  const services = ports.services()
  beginSeries({ counted }, ids(services), ids(credentials ?? []))
  readServices(read, services, ports.waiting())
  readGpus(read, gpus)
  if (credentials !== null) readCredentials(read, credentials)
  if (attention !== null) readAttention(read, attention.items)
  readGateway(read, { ...ports.gateway(), sleepers })
}
