import { areas, type Area, type Finding } from '../check/finding'
import { junitOf } from '../check/junit'
import { lookAll } from '../check/look'
import { command, waitOptions } from '../define'
import { exits, usageError } from '../exits'
import { writeReport } from '../report-file'
import { waiting } from '../waiting'

const marks = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const satisfies Record<Finding['state'], string>

const describe = (findings: readonly Finding[]): string =>
  findings
    .flatMap(({ area, name, state, message, hint }) => [
      [`${marks[state]}  ${area}  ${name}`, message].filter((part) => part !== '').join('  '),
      ...(hint === '' ? [] : [`      ${hint}`]),
    ])
    .join('\n')

function readAreas(given: readonly string[], isGolden: boolean): readonly Area[] {
  const named = given.flatMap((text) => text.split(','))
  const wrong = named.find((name) => !areas.some((area) => area === name))
  if (wrong !== undefined) throw usageError('usage.oneOf', { name: '--only', all: areas.join(', '), given: wrong })
  const meant = areas.filter((area) => (named.length === 0 ? area !== 'golden' : named.includes(area)))
  return isGolden && !meant.includes('golden')
    ? areas.filter((area) => area === 'golden' || meant.includes(area))
    : meant
}

export const check = command({
  path: ['check'],
  summary: 'command.check',
  arguments: [{ name: 'SERVICE', completes: 'service', isOptional: true, repeats: true }],
  options: {
    only: { type: 'string', value: 'AREAS', multiple: true, completes: areas, hint: 'option.only' },
    golden: { type: 'boolean', hint: 'option.golden' },
    'allow-stopped': { type: 'boolean', hint: 'option.allowStopped' },
    junit: { type: 'string', value: 'FILE', completes: 'file', hint: 'option.junit' },
    timeout: waitOptions.timeout,
  },
  isRemote: true,
  async run({ values, positionals: ids }, context) {
    const wish = { ids, areas: readAreas(values.only, values.golden), mayBeStopped: values['allow-stopped'] }
    const panel = await context.connect()
    const { output, say } = context
    const findings = await waiting(context, values.timeout, (signal) => lookAll(panel, wish, { ...context, signal }))
    if (values.junit !== undefined) await writeReport(values.junit, junitOf(findings))
    const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length
    output.data({ passed: count('failed') === 0, findings }, () => describe(findings))
    output.say(say('check.done', { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }))
    return count('failed') === 0 ? exits.done : exits.failed
  },
})
