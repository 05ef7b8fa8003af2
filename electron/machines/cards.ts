import { execFile } from 'node:child_process'
import type { MachineGpu, MachineGpus } from '../../shared/contract'
import { reason } from '../../shared/problems'
import { sshWords } from '../docker/connection/ssh'
import { isRemote, parseEndpoint, type Endpoint } from '../docker/connection/endpoint'
import { parseGpuRow, pickFields } from '../gpu'
import { beginning, type Redact } from '../logs/cutting'

/** What every driver since r450 tells; nothing has to be tried out. */
const fields = pickFields([
  ...['index', 'uuid', 'driver_version', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu'],
  ...['power.draw', 'power.limit', 'name'],
])

/** Plain words alone: a shell on the other machine reads them. */
const command = [
  'nvidia-smi',
  `--query-gpu=${fields.map(({ query }) => query).join(',')}`,
  '--format=csv,noheader,nounits',
]

/** A shell's exit code for a program that it did not find, on Linux and Windows. */
const notFound = new Set([127, 9009])

const patienceMs = 20_000
const mostBytes = 64 * 1024

interface Asked {
  code: number | null
  text: string
}

/** Runs nvidia-smi on another machine; never asks for a password. */
function askOverSsh(endpoint: Extract<Endpoint, { kind: 'ssh' }>, env: NodeJS.ProcessEnv, signal: AbortSignal) {
  return new Promise<Asked>((resolve) => {
    const options = {
      env,
      signal,
      timeout: patienceMs,
      maxBuffer: mostBytes,
      windowsHide: true,
      encoding: 'latin1',
    } as const
    execFile('ssh', [...sshWords(endpoint), ...command], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, text: stdout.trim() === '' ? stderr : stdout })
    })
  })
}

function cardOf(line: string): MachineGpu | null {
  const row = parseGpuRow(line, fields)
  if (!row) return null
  const { index, uuid, name, driverVersion, utilizationPct, memoryUsedMiB } = row
  const { memoryTotalMiB, temperatureC, powerW, powerLimitW } = row
  return {
    ...{ index, uuid, name, driverVersion, utilizationPct, memoryUsedMiB },
    ...{ memoryTotalMiB, temperatureC, powerW, powerLimitW },
  }
}

/** What nvidia-smi on another machine printed, as cards, or why there are none. */
export function readCards({ code, text }: Asked, at: number, redact: Redact): MachineGpus {
  const cards = text.split('\n').flatMap((line) => cardOf(line.trim()) ?? [])
  if (cards.length > 0) return { state: 'known', at, cards }
  if (code !== null && (notFound.has(code) || /not found|not recognized/i.test(text)))
    return { state: 'none', at, cards, reason: reason('machine.no-driver') }
  const error = beginning(text.trim(), 200, redact) || `exit code ${code ?? 'none'}`
  return { state: 'unknown', at, cards, reason: reason('machine.driver-silent', { error }) }
}

/** The cards behind an engine's address. */
export async function askCards(
  address: string,
  env: NodeJS.ProcessEnv,
  redact: Redact,
  signal: AbortSignal,
): Promise<MachineGpus> {
  const endpoint = parseEndpoint(address)
  const at = Date.now()
  if (endpoint?.kind === 'ssh') return readCards(await askOverSsh(endpoint, env, signal), at, redact)
  const why = endpoint && !isRemote(endpoint) ? reason('machine.driver-here') : reason('machine.driver-by-ssh')
  return { state: 'unknown', at: null, cards: [], reason: why }
}
