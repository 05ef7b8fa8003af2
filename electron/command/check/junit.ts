import { areas, type Finding } from './finding'

/** What XML 1.0 may hold at all; all else is left out. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string) => text.replaceAll(forbidden, '').replaceAll(/[&<>"]/g, (mark) => entities[mark] ?? '')

const attribute = (name: string, value: string | number) =>
  `${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`

const seconds = (findings: readonly Finding[]) =>
  (findings.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1000).toFixed(3)

const counted = (findings: readonly Finding[]) =>
  [
    attribute('tests', findings.length),
    attribute('failures', findings.filter(({ state }) => state === 'failed').length),
    attribute('errors', 0),
    attribute('skipped', findings.filter(({ state }) => state === 'skipped').length),
    attribute('time', seconds(findings)),
  ].join(' ')

function testCase(finding: Finding): string {
  const { area, name, state, message, hint } = finding
  const head = `    <testcase ${attribute('classname', `regie.${area}`)} ${attribute('name', name)} ${attribute('time', seconds([finding]))}`
  switch (state) {
    case 'passed':
      return `${head}/>`
    case 'skipped':
      return `${head}><skipped ${attribute('message', message)}/></testcase>`
    case 'failed':
      return `${head}><failure ${attribute('message', message)}>${escaped(hint)}</failure></testcase>`
  }
}

/** The findings as JUnit's XML, which pipelines read: a suite an area, a case a finding. */
export function junitOf(findings: readonly Finding[]): string {
  const suites = areas.flatMap((area) => {
    const own = findings.filter((finding) => finding.area === area)
    if (own.length === 0) return []
    return [`  <testsuite ${attribute('name', area)} ${counted(own)}>`, ...own.map(testCase), '  </testsuite>']
  })
  const head = `<testsuites ${attribute('name', 'regie')} ${counted(findings)}>`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n')
}
