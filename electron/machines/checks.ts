import type { EngineStatus, MachineCheck, MachineGpus } from '../../shared/contract'
import { reason } from '../../shared/problems'

const ok = (id: MachineCheck['id'], words: MachineCheck['words']): MachineCheck => ({
  ...{ id, state: 'ok', words, command: null },
})

function engineCheck({ state, reason: why, command, info, attempts }: EngineStatus): MachineCheck {
  const [tried] = attempts
  if (state === 'connected' && info)
    return ok('engine', reason('machine.engine', { version: info.version, address: tried?.endpoint ?? '' }))
  return {
    ...{ id: 'engine', state: 'missing', words: why ?? reason('docker.connecting'), command: command ?? null },
  }
}

function composeCheck({ compose, platform }: EngineStatus): MachineCheck {
  if (compose) return ok('compose', reason('machine.compose', { version: compose.version }))
  const command = platform === 'linux' ? 'sudo apt-get install docker-compose-plugin' : null
  return { id: 'compose', state: 'missing', words: reason('machine.no-compose'), command }
}

function driverCheck(gpus: MachineGpus): MachineCheck {
  const [first] = gpus.cards
  if (first) {
    const cards = gpus.cards.map(({ name }) => name).join(', ')
    return ok('driver', reason('machine.driver', { version: first.driverVersion ?? '?', cards }))
  }
  const words = gpus.reason ?? reason('machine.no-driver')
  const state = gpus.state === 'none' ? 'missing' : words.problem === 'machine.driver-here' ? 'ok' : 'unknown'
  return { id: 'driver', state, words, command: state === 'ok' ? null : 'nvidia-smi' }
}

/** https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html */
const toolkitCommand = 'sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker'

function toolkitCheck({ info }: EngineStatus): MachineCheck {
  switch (info?.nvidiaRuntime) {
    case true:
      return ok('toolkit', reason('machine.toolkit'))
    case false:
      return { id: 'toolkit', state: 'missing', words: reason('machine.no-toolkit'), command: toolkitCommand }
    default:
      return {
        ...{ id: 'toolkit', state: 'unknown', words: reason('machine.toolkit-unknown') },
        command: 'docker run --rm --gpus all ubuntu nvidia-smi',
      }
  }
}

/** What a machine has and lacks. Of an engine that does not answer nothing more is known. */
export function checksOf(status: EngineStatus, gpus: MachineGpus): MachineCheck[] {
  const engine = engineCheck(status)
  if (engine.state !== 'ok') {
    const unasked = (id: MachineCheck['id']): MachineCheck => ({
      ...{ id, state: 'unknown', words: reason('machine.not-asked'), command: null },
    })
    return [engine, ...(['compose', 'driver', 'toolkit'] as const).map(unasked)]
  }
  return [engine, composeCheck(status), driverCheck(gpus), toolkitCheck(status)]
}
