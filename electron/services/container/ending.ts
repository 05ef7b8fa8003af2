import { reason, type Reason } from '../../../shared/problems'
import { asItIs, beginning } from '../../logs/cutting'
import { explainFailure } from '../../compose/program/failures'
import { explainExit } from '../exits'
import type { ContainerFacts } from './facts'
import { endedThroughDocker, type ContainerHistory } from './history'

/** How a container came to stand still. */
export interface Ending {
  /** `asleep`: somebody stopped it on purpose, outside this panel; `failed`: it ended by itself, or never began. */
  kind: 'stopped-here' | 'asleep' | 'failed'
  /** In protocol terms, e.g. `exited 137 OOMKilled`. */
  answered: string
  reason: Reason
}

export interface EndingQuestion {
  /** The service's id. */
  id: string
  facts: ContainerFacts
  history: ContainerHistory
  /** Whether this panel stopped it. */
  stoppedHere: boolean
  /** The last line that it wrote, redacted. */
  line: string | null
}

/** Shown where a program wrote nothing before it ended. */
const nothing = '–'

const GiB = 2 ** 30

/** `28 GiB`, `64 MiB`. */
const nameSize = (bytes: number) =>
  bytes >= GiB ? `${Number((bytes / GiB).toFixed(1))} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`

/** `running`, `exited 137 OOMKilled`, `restarting 1, 4 restarts`: the container's state as evidence. */
export function nameState({ state, exitCode, oomKilled, error, restartCount, health }: ContainerFacts): string {
  const oom = oomKilled ? ' OOMKilled' : ''
  switch (state) {
    case 'running':
      return health ? `running (${health.status})` : 'running'
    case 'restarting':
      return `restarting ${exitCode}${oom}, ${restartCount} restarts`
    case 'exited':
    case 'dead':
      return `${state} ${exitCode}${oom}`
    case 'created':
      return error === '' ? 'created' : `created ${exitCode}`
    case 'paused':
    case 'removing':
      return state
  }
}

/** Why a start failed, by the engine's own words, named by the same rules as what Compose prints of it. */
function nameStartFailure(error: string) {
  switch (explainFailure(error)?.problem) {
    case 'compose.gpu-toolkit':
      return 'ending.no-gpu-driver'
    case 'compose.gpu':
      if (/^could not select device driver "/im.test(error)) return 'ending.no-gpu-driver'
      return /: unknown device(: unknown)?$|unresolvable CDI devices /im.test(error)
        ? 'ending.gpu-unknown'
        : 'ending.gpu-library'
    case 'compose.port-taken':
      return 'ending.port-taken'
    case 'compose.mount-missing':
      return 'ending.mount'
    case 'compose.command':
      if (/: (executable file not found in \S+|no such file or directory)(: unknown)?\.?$/i.test(error))
        return 'ending.no-command'
      return /(: permission denied|exec format error)(: unknown)?\.?$/i.test(error)
        ? 'ending.not-executable'
        : 'ending.not-started'
    default:
      return 'ending.not-started'
  }
}

/** Says why a container that does not run stands still; `null` for one that runs. A pure function. */
export function explainEnding(question: EndingQuestion): Ending | null {
  const { facts, id, line } = question
  const answered = nameState(facts)
  const failed = (why: Reason): Ending => ({ kind: 'failed', answered, reason: why })
  switch (facts.state) {
    case 'running':
      return null
    case 'paused':
      return failed(reason('ending.paused', { id }))
    case 'restarting': {
      const params = { id, count: facts.restartCount, code: facts.exitCode, line: line ?? nothing }
      return failed(reason('ending.restarting', params))
    }
    case 'removing':
      return { kind: 'stopped-here', answered, reason: reason('service.stopped', { id }) }
    case 'created':
      if (facts.error !== '') return failed(explainStartFailure(id, facts.error))
      return { kind: 'stopped-here', answered, reason: reason('service.stopped', { id }) }
    case 'exited':
    case 'dead':
      if (facts.error !== '' && !facts.oomKilled) return failed(explainStartFailure(id, facts.error))
      return { ...explainExited(question), answered }
  }
}

function explainStartFailure(id: string, error: string): Reason {
  const detail = beginning(error.trim(), 300, asItIs)
  return reason(nameStartFailure(error.trim()), { id, detail })
}

type Explained = Pick<Ending, 'kind' | 'reason'>

function explainExited(question: EndingQuestion): Explained {
  const { id, facts, history, stoppedHere, line } = question
  const { exitCode: code } = facts
  const params = { id, code, line: line ?? nothing }
  const failed = (why: Reason): Explained => ({ kind: 'failed', reason: why })
  // What Docker itself knows comes first: a limit that was hit, and who stopped it.
  if (facts.oomKilled || history.oom) {
    const limit = facts.memoryLimit
    return failed(
      limit === null ? reason('ending.oom', params) : reason('ending.oom-limit', { ...params, limit: nameSize(limit) }),
    )
  }
  if (stoppedHere) return { kind: 'stopped-here', reason: reason('service.stopped', { id }) }
  const through = endedThroughDocker(history)
  const isQuiet = code === 0 || code === 137 || code === 143
  if (through === 'stop-timeout') return { kind: 'asleep', reason: reason('ending.stop-timeout', params) }
  if (through !== null && isQuiet) return { kind: 'asleep', reason: reason('ending.asleep', params) }
  if (isQuiet && !sawItEnd(question)) {
    // Docker starts such a container again unless somebody stopped it: that it stands still is the proof.
    const revives = facts.restartPolicy === 'always' || facts.restartPolicy === 'unless-stopped'
    return { kind: 'asleep', reason: reason(revives ? 'ending.asleep' : 'ending.asleep-maybe', params) }
  }
  return failed(explainCode(params))
}

/** Whether the panel followed the events when it ended, so that a signal through Docker would have been seen. */
const sawItEnd = ({ facts, history }: EndingQuestion) => facts.finishedAt !== null && facts.finishedAt >= history.since

/** What a container's exit code says beside what any program's does. */
function explainCode({ id, code, line }: { id: string; code: number; line: string }): Reason {
  switch (code) {
    case 0:
      return reason('ending.server-ended', { id, code, line })
    case 125:
      return reason('ending.engine-refused', { id, code, line })
    case 137:
      return reason('ending.killed', { id, code, line })
    case 255:
      return reason('ending.generic', { id, code, line })
    default:
      return explainExit(id, { code, signal: null }, line)
  }
}
