/** The engine that journeys use, as the global setup found it, or why there is none. */
export type JourneyDocker = { host: string; image: string; reason: null } | { host: null; image: null; reason: string }

const names = {
  host: 'REGIE_JOURNEY_DOCKER_HOST',
  image: 'REGIE_JOURNEY_DOCKER_IMAGE',
  reason: 'REGIE_JOURNEY_NO_DOCKER',
}

/** Hands what was found to the workers, which inherit the environment. */
export function tellDocker(found: JourneyDocker): void {
  for (const key of ['host', 'image', 'reason'] as const) {
    const value = found[key]
    if (value !== null) process.env[names[key]] = value
  }
}

/** For `test.skip(docker.reason !== null, docker.reason ?? '')` at the top of a group of journeys. */
export function journeyDocker(): JourneyDocker {
  const { [names.host]: host, [names.image]: image, [names.reason]: reason } = process.env
  if (host && image) return { host, image, reason: null }
  return { host: null, image: null, reason: reason ?? 'no Docker engine was looked for' }
}
