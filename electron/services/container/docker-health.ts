import type { HealthCheck } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import { beginning } from '../../logs/cutting'
import type { ContainerFacts, DockerHealth } from './facts'

/** As much of a probe's output as the engine keeps, in bytes (moby `maxOutputLen`). */
const engineKeeps = 4096

/** As much of a probe's output as is shown. */
const longestOutput = 300

/** The output of a probe on one line, redacted. */
function words({ last }: DockerHealth, redact: (text: string) => string): string {
  const output = last?.output ?? ''
  // What the engine has cut may end with half of a secret, which no redactor knows.
  const whole = Buffer.byteLength(output) >= engineKeeps ? output.replace(/\S+$/, '') : output
  const text = whole.replaceAll(/\s+/g, ' ').trim()
  const shown = beginning(text, longestOutput, redact)
  return shown.length < redact(text).length ? `${shown}…` : shown
}

/**
 * What Docker's own health check says; `null` without one. It runs inside the container and may let a 401 count, so
 * that healthy proves nothing beyond itself: never that a credential is accepted.
 */
export function judgeDockerHealth(
  { health, state }: ContainerFacts,
  { id, redact }: { id: string; redact: (text: string) => string },
): HealthCheck | null {
  // Of a container that does not run Docker keeps the last word: it is of the past.
  if (health === null || state !== 'running') return null
  const said = words(health, redact)
  const check = {
    id: 'container-health' as const,
    asked: redact(health.test),
    at: health.last?.at ?? null,
    tookMs: health.last?.tookMs ?? null,
  }
  const answered = [health.status, health.last === null ? '' : `exit ${health.last.exitCode}`, said]
    .filter((part) => part !== '')
    .join(' · ')
  switch (health.status) {
    case 'healthy':
      return { ...check, state: 'ok', answered }
    case 'starting':
      return { ...check, state: 'unknown', answered, reason: reason('check.health-starting', { id }) }
    case 'unhealthy':
      return { ...check, state: 'failed', answered, reason: explainUnhealthy(id, health, said) }
  }
}

function explainUnhealthy(id: string, { last, failingStreak, test }: DockerHealth, said: string): Reason {
  const params = { id, count: failingStreak, output: said === '' ? '–' : said }
  const program = test.split(/\s+/)[0] ?? ''
  const isMissing = last?.exitCode === 127 || /executable file not found|not found/i.test(last?.output ?? '')
  if (isMissing && last?.exitCode !== 1) return reason('check.health-no-program', { ...params, program })
  if (last?.exitCode === -1) return reason('check.health-timeout', params)
  return reason('check.unhealthy', params)
}
