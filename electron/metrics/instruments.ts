import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client'

/** From a picture of a turbo model to a video, in seconds. */
const durations = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200]
/** A rotation waits for a restart, which loads models. */
const rotationDurations = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600]

/** Of either form. */
export type AnyRegistry = Registry | Registry<OpenMetricsContentType>

export type Instruments = ReturnType<typeof makeInstruments>

/**
 * Every series that Regie has. Labels are ids from the configuration and the states of unions, never what people or
 * services wrote: names, prompts and models would make series without end, and tell more than a monitor may know.
 */
export const makeInstruments = (registry: AnyRegistry) => ({
  read: makeGauges(registry),
  counted: makeCounted(registry),
})

/** What is read whenever somebody asks. */
function makeGauges(registry: AnyRegistry) {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name: `regie_${name}`, help, labelNames, registers: [registry] })
  return {
    info: gauge('info', 'Version and commit of Regie; always 1', 'version', 'commit'),
    startTime: gauge('start_time_seconds', 'When the panel started, in Unix time'),
    memory: gauge('resident_memory_bytes', 'Resident memory of the panel’s process'),
    vaultOpen: gauge('vault_open', '1 while the vault is open'),
    services: gauge('services', 'Services by state', 'state'),
    state: gauge(
      'service_state',
      '1 for the state that a service has, 0 for the others',
      'service',
      'kind',
      'machine',
      'state',
    ),
    up: gauge('service_up', '1 while a service is ready', 'service', 'machine'),
    asleep: gauge('service_asleep', '1 while a service sleeps and is started by a request', 'service', 'machine'),
    queueRunning: gauge('service_queue_running', 'Jobs at work, as the service tells', 'service', 'machine'),
    queueWaiting: gauge('service_queue_waiting', 'Jobs that wait at the service, as it tells', 'service', 'machine'),
    lineWaiting: gauge('line_waiting', 'Jobs that wait in Regie’s line for a service', 'service', 'machine'),
    serviceVram: gauge(
      'service_vram_bytes',
      'Memory of a card that is known to be a service’s',
      'service',
      'machine',
      'gpu',
    ),
    gpusLive: gauge('gpus_live', '1 while nvidia-smi answers'),
    gpuInfo: gauge('gpu_info', 'Name and driver of a card; always 1', 'gpu', 'machine', 'name', 'driver'),
    gpuUtilization: gauge('gpu_utilization_ratio', 'How busy a card is, 0 to 1', 'gpu', 'machine'),
    gpuMemoryUsed: gauge('gpu_memory_used_bytes', 'Memory of a card in use', 'gpu', 'machine'),
    gpuMemoryTotal: gauge('gpu_memory_total_bytes', 'Memory of a card', 'gpu', 'machine'),
    gpuTemperature: gauge('gpu_temperature_celsius', 'Temperature of a card', 'gpu', 'machine'),
    gpuPower: gauge('gpu_power_watts', 'What a card draws', 'gpu', 'machine'),
    gpuPowerLimit: gauge('gpu_power_limit_watts', 'What a card may draw', 'gpu', 'machine'),
    drifted: gauge('credential_drifted_locations', 'Files that differ from the vault', 'credential'),
    credentialState: gauge(
      'credential_state',
      '1 for the state that a credential has, 0 for the others',
      'credential',
      'state',
    ),
    attention: gauge('attention_items', 'What needs a person, by kind', 'kind', 'urgent'),
    listening: gauge('gateway_listening', '1 while the gateway of a service listens', 'service', 'machine'),
    inFlight: gauge('gateway_requests_in_flight', 'Requests at the gateway of a service', 'service', 'machine'),
    sockets: gauge('gateway_websockets', 'WebSockets at the gateway of a service', 'service', 'machine'),
    held: gauge('gateway_requests_held', 'Requests that wait until their service can be asked', 'service', 'machine'),
  }
}

/** What is counted as it happens. */
function makeCounted(registry: AnyRegistry) {
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `regie_${name}`, help, labelNames, registers: [registry] })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram({ name: `regie_${name}`, help, buckets, labelNames, registers: [registry] })
  return {
    cpu: counter('cpu_seconds_total', 'Processor time of the panel’s process'),
    generations: counter('generations_total', 'Generations of the Studio that ended', 'service', 'outcome'),
    generationSeconds: histogram(
      ...([
        'generation_duration_seconds',
        'From order to result, of those that succeeded',
        durations,
        'service',
      ] as const),
    ),
    generationWaitSeconds: histogram(
      ...(['generation_wait_seconds', 'From order to beginning', durations, 'service'] as const),
    ),
    rotations: counter('rotations_total', 'Rotations that ended', 'credential', 'outcome'),
    rotationSeconds: histogram(
      ...([
        'rotation_duration_seconds',
        'From the beginning of a rotation to its end',
        rotationDurations,
        'outcome',
      ] as const),
    ),
    requests: counter(
      'gateway_requests_total',
      'Requests through the gateway that were counted to a person',
      'service',
    ),
    received: counter('gateway_received_bytes_total', 'Bytes that people sent through the gateway', 'service'),
    sent: counter('gateway_sent_bytes_total', 'Bytes that people got through the gateway', 'service'),
    jobs: counter('jobs_total', 'Jobs of people that ended, through the gateway and in the Studio', 'service'),
    jobsFailed: counter('jobs_failed_total', 'Of these, failed or cancelled', 'service'),
    jobsRefused: counter('jobs_refused_total', 'Jobs that a limit refused', 'service'),
    images: counter('images_total', 'Images that people’s jobs made', 'service'),
    gpuSeconds: counter('job_gpu_seconds_total', 'Time that jobs worked, times the cards that they had', 'service'),
  }
}
