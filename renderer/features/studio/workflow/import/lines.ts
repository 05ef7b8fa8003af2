import { useTranslation } from 'react-i18next'
import type { WorkflowReport } from '../../../../../shared/contract'
import { describeReason } from '../../../../i18n'
import { formatDuration, formatList } from '../../../../i18n/format'
import { useLabels } from '../form/labels'

interface Line {
  key: string
  name: string
  text: string
  /** Something is left out, missing, or not known. */
  isOut: boolean
}

/** So many names are listed; the rest is counted. */
const mostNamed = 8

/** A list that does not get too long. */
function useFew() {
  const { t } = useTranslation('workflow')
  return (names: string[]) =>
    names.length > mostNamed
      ? formatList([...names.slice(0, mostNamed), t('report.more', { count: names.length - mostNamed })])
      : formatList(names)
}

/** What is told of a file that can be imported, line by line. */
export function useLines(report: WorkflowReport): Line[] {
  const { t } = useTranslation('workflow')
  const { nodes, subgraphs, validated } = report
  const count = t('report.nodes', { count: nodes })
  const parsed = subgraphs > 0 ? formatList([count, t('report.subgraphs', { count: subgraphs })]) : count
  const isOut = validated?.accepted !== true
  return [
    { key: 'parsed', name: t('report.parsed'), text: parsed, isOut: false },
    { key: 'inputs', name: t('report.inputs'), text: useInputs(report), isOut: false },
    { key: 'validated', name: t('report.validated'), text: useValidation(validated), isOut },
    ...useLeftOut(report),
  ]
}

function useInputs({ inputs, pinned }: WorkflowReport): string {
  const { t } = useTranslation('workflow')
  const { nameOf } = useLabels()
  const few = useFew()
  const byId = new Map(inputs.map((input) => [input.id, input]))
  const first = [...new Set(pinned.flatMap((id) => byId.get(id) ?? []).map(nameOf))]
  if (first.length === 0) return String(inputs.length)
  return t('report.pinned', { all: inputs.length, count: pinned.length, names: few(first) })
}

/** What is skipped and what is missing, where there is any. */
function useLeftOut({ skipped, missing }: WorkflowReport): Line[] {
  const { t } = useTranslation('workflow')
  const few = useFew()
  const lines: Line[] = []
  if (skipped.length > 0) {
    const text = few(skipped.map(({ node, title, why }) => t(`report.why.${why}`, { node, title })))
    lines.push({ key: 'skipped', name: t('report.skipped'), text, isOut: true })
  }
  if (missing.length > 0) {
    const names = missing.map((need) =>
      need.type === 'file' ? t('report.file', { name: need.name, folder: need.folder }) : need.name,
    )
    lines.push({
      key: 'missing',
      name: t('report.lacks'),
      text: t('report.lacksText', { names: few(names) }),
      isOut: true,
    })
  }
  return lines
}

function useValidation(validated: WorkflowReport['validated']): string {
  const { t } = useTranslation('workflow')
  if (!validated) return t('report.parsedOnly')
  const { accepted, serviceId: service, tookMs, reason } = validated
  if (accepted === true)
    return tookMs === null
      ? t('report.accepts', { service })
      : t('report.acceptsIn', { service, time: formatDuration(tookMs) })
  return reason
    ? describeReason(reason).message
    : t(accepted === null ? 'report.notAsked' : 'report.rejects', { service })
}
