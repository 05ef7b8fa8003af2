import { describeProblem, isProblemId, type ProblemId, type ProblemParams } from '../../shared/problems'

/** In place of what is not shown. It stands in texts of every language. */
const hidden = '…'

/** What in a text says where something lies or answers: addresses with a scheme, paths of each system, hosts. */
const placePatterns: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+/gi,
  // Folders have spaces in their names, too: as long as a separator follows, they belong to the path.
  /(?:\\\\|\b[a-z]:[\\/])(?:[^\\/:*?"<>|\r\n]{1,255}[\\/])*[^\s\\/:*?"<>|,;)]*/gi,
  /(?<![\w.])~?\/(?:[^/\s"'<>:,;][^/"'<>:,;\r\n]{0,254}\/)*[^\s"'<>:,;)]+/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\[[0-9a-f:.]*:[0-9a-f:.]*\](?::\d+)?/gi,
  /\b[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,10}:\d{2,5}\b/gi,
]

/** A text without paths and addresses, whoever wrote it. */
export const withoutPlaces = (text: string): string =>
  placePatterns.reduce((rest, pattern) => rest.replaceAll(pattern, hidden), text)

/** Values that name an address of a service; the service's own name can stand for each. */
const addresses = new Set(['url', 'address', 'host', 'location', 'origin', 'root'])

/** Values that tell what somebody asked for or what a service said of it. Every other text may tell how it is run. */
const told = new Set([
  ...['id', 'ids', 'service', 'services', 'other', 'name', 'names', 'operation', 'gpu', 'uuid', 'model'],
  ...['action', 'detail', 'error', 'code', 'status', 'step', 'version', 'what', 'why', 'kind', 'type'],
  ...['issues', 'field', 'value', 'input', 'property', 'node', 'workflow', 'suggestion', 'setting'],
  ...['available', 'allowed', 'wanted', 'missing', 'multiple'],
])

/** What is told of a problem in place of its own words, where these make no sense without an address. */
const others: Partial<Record<ProblemId, ProblemId>> = {
  'service.starting': 'service.coming',
  'service.silent': 'service.away',
  'service.start-timeout': 'service.away',
}

/** A problem as those see it who may not know how and where services are run. */
export interface Told {
  problem: string
  params: ProblemParams
  message: string
  hint: string
}

/**
 * A problem without places: no address, path, command or setting stands in its words or values. `service`: the name that
 * stands for an address of it. What is no problem of Regie's loses its values altogether.
 */
export function problemWithoutPlaces(
  { problem, params }: { problem: string; params: ProblemParams },
  service: string = hidden,
): Told {
  const shownValue = (name: string, value: string | number) => {
    if (typeof value === 'number') return value
    if (addresses.has(name)) return service
    return told.has(name) ? withoutPlaces(value) : hidden
  }
  const shown = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shownValue(name, value)]))
  if (!isProblemId(problem)) return { problem, params: {}, message: hidden, hint: '' }
  const id = others[problem] ?? problem
  return { problem: id, params: shown, ...describeProblem(id, shown, 'en') }
}
