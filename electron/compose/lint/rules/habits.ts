import { isSeq } from 'yaml'
import { addToService, at, fixIn, ownPart, serviceRule, type Draft } from '../rule'
import type { ServiceView } from '../model'
import { find } from '../service'
import { appendItem, itemsOf, rangeOf, scalarsIn, textOf, valueOf } from '../yaml'

/** Findings about what a service lacks stand at its name. */
function lacking(service: ServiceView) {
  const part = service.isPartial ? null : ownPart(service)
  return part && { source: part.file.source, offset: rangeOf(part.keyNode).start, params: { service: service.name } }
}

export const privileges = serviceRule('privileges', (service): Draft[] => {
  const place = lacking(service)
  const options = find(service, 'security_opt')
  const isSet =
    options && itemsOf(options.file, options.node).some((item) => (textOf(item) ?? '').startsWith('no-new-privileges'))
  if (!place || isSet) return []
  const fix = { problem: 'lint.fix-privileges', needs: 'recreate' } as const
  const mend = !options
    ? addToService(service, ['security_opt:', '  - no-new-privileges:true'], fix)
    : isSeq(options.node)
      ? fixIn(options.file, [appendItem(options.file, options.node, 'no-new-privileges:true')], fix)
      : null
  return [{ ...place, severity: 'hint', problem: 'lint.privileges', key: 'privileges', fixes: [mend] }]
})

export const logSize = serviceRule('log-size', (service): Draft[] => {
  const place = lacking(service)
  const logging = find(service, 'logging')
  const driver = logging && textOf(valueOf(logging.file, logging.node, 'driver'))
  // Other drivers have limits of their own.
  if (!place || (driver && driver !== 'json-file')) return []
  if (logging && valueOf(logging.file, logging.node, 'options', 'max-size')) return []
  const lines = ['logging:', '  driver: json-file', '  options:', '    max-size: 10m', "    max-file: '5'"]
  const mend = logging ? null : addToService(service, lines, { problem: 'lint.fix-log-size', needs: 'recreate' })
  return [{ ...place, severity: 'hint', problem: 'lint.log-size', key: 'logging', fixes: [mend] }]
})

export const restart = serviceRule('restart', (service): Draft[] => {
  const place = lacking(service)
  const found = find(service, 'restart')
  const policy = textOf(found?.node ?? null)
  if (!place || find(service, 'deploy', 'restart_policy')) return []
  const fix = { problem: 'lint.fix-restart', needs: 'recreate' } as const
  if (!found) {
    const mend = addToService(service, ['restart: unless-stopped'], fix)
    return [{ ...place, severity: 'hint', problem: 'lint.restart-missing', key: 'restart', fixes: [mend] }]
  }
  if (policy !== 'always') return []
  const mend = fixIn(found.file, [{ ...rangeOf(found.node), text: 'unless-stopped' }], fix)
  return [
    {
      ...place,
      ...at(found.file, found.node),
      severity: 'hint',
      problem: 'lint.restart-always',
      key: 'restart',
      fixes: [mend],
    },
  ]
})

/** 200 and 401 as two ways to the same good end, in shell, grep or Python. */
const bothAreWell =
  /200\b["'\])\s]*(?:\||-o\b|\bor\b|,)[^;&\n]{0,60}?\b401\b|401\b["'\])\s]*(?:\||-o\b|\bor\b|,)[^;&\n]{0,60}?\b200\b|\[2(?:00)?\|?401\]/

export const healthcheck = serviceRule('healthcheck', (service): Draft[] => {
  const place = lacking(service)
  const found = find(service, 'healthcheck')
  if (!place) return []
  // A helper that nobody connects to needs none.
  if (!found && !find(service, 'ports')) return []
  if (!found) return [{ ...place, severity: 'hint', problem: 'lint.healthcheck-missing', key: 'healthcheck' }]
  const test = valueOf(found.file, found.node, 'test')
  const words = scalarsIn(test)
    .map((node) => textOf(node) ?? '')
    .join(' ')
  if (!test || !bothAreWell.test(words)) return []
  return [
    { ...place, ...at(found.file, test), severity: 'warning', problem: 'lint.healthcheck-401', key: 'healthcheck' },
  ]
})
