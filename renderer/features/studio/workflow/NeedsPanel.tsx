import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, WorkflowNeeds } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { formatClock, formatList, formatSize } from '../../../i18n/format'
import { describeReason } from '../../../i18n'
import { Panel, PanelAction } from '../../../ui/Panel'
import rows from '../../../ui/NarrowRows.module.css'
import { CopyIcon } from '../../../ui/States'
import { StatusLabel } from '../../../ui/Status'
import { hostOf, sortRows, standings, together } from './model/needs'
import c from './Needs.module.css'

type Row = WorkflowNeeds['rows'][number]

interface NeedsPanelProps {
  needs: WorkflowNeeds
  services: readonly Service[]
  isAsking: boolean
  onAsk: () => void
}

/** More services than this share one column that counts them. */
const mostColumns = 3

/** What a workflow needs, a row each, and which services have it; what is missing nowhere is folded. */
export function NeedsPanel({ needs, services, isAsking, onAsk }: NeedsPanelProps) {
  const { t } = useTranslation('workflow')
  const [isOpen, setOpen] = useState(false)
  const names = new Map(services.map((service) => [service.id, serviceName(service)]))
  const nameOf = (id: string) => names.get(id) ?? id
  const { missing, rest } = sortRows(needs)
  return (
    <Panel
      title={t('needs.title')}
      note={<Note needs={needs} nameOf={nameOf} />}
      action={
        <PanelAction onClick={onAsk} loading={isAsking}>
          {t('needs.refresh')}
        </PanelAction>
      }
      flush
      className={c.panel}
    >
      {needs.services.length === 0 ? (
        <p className={c.text}>{t('needs.noService')}</p>
      ) : (
        <table className={`${c.table} ${rows.rows}`}>
          <thead>
            <tr>
              <th scope="col">{t('needs.what')}</th>
              <Heads needs={needs} nameOf={nameOf} />
              <th scope="col">
                <span className="visually-hidden">{t('needs.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {missing.map((row) => (
              <NeedRow key={keyOf(row)} row={row} needs={needs} nameOf={nameOf} />
            ))}
            {rest.length > 0 && (
              <tr data-folded>
                <td>
                  {summary(rest, t)}
                  <small className={c.names}>{rest.map(({ need }) => need.name).join(', ')}</small>
                </td>
                <Cells needs={needs} nameOf={nameOf} of={(id) => together(rest, id)} />
                <td className={c.end}>
                  <PanelAction onClick={() => setOpen(!isOpen)} label={t(isOpen ? 'needs.hideAll' : 'needs.showAll')}>
                    {t(isOpen ? 'needs.hide' : 'needs.show')}
                  </PanelAction>
                </td>
              </tr>
            )}
            {isOpen && rest.map((row) => <NeedRow key={keyOf(row)} row={row} needs={needs} nameOf={nameOf} />)}
          </tbody>
        </table>
      )}
      {missing.length > 0 && <p className={c.text}>{t(howTo(missing))}</p>}
    </Panel>
  )
}

const keyOf = ({ need }: Row) => (need.type === 'file' ? `${need.folder}/${need.name}` : need.name)

/** What to do about what is missing. */
function howTo(missing: readonly Row[]) {
  const types = new Set(missing.map(({ need }) => need.type))
  if (types.size === 2) return 'needs.howBoth' as const
  return types.has('node') ? ('needs.howNode' as const) : ('needs.howFile' as const)
}

function summary(rest: readonly Row[], t: ReturnType<typeof useTranslation<'workflow'>>['t']): string {
  const nodes = rest.filter(({ need }) => need.type === 'node').length
  const files = rest.length - nodes
  return formatList([
    ...(nodes > 0 ? [t('needs.nodes', { count: nodes })] : []),
    ...(files > 0 ? [t('needs.files', { count: files })] : []),
  ])
}

interface OfService {
  needs: WorkflowNeeds
  nameOf: (id: string) => string
}

function Note({ needs, nameOf }: OfService) {
  const { t } = useTranslation('workflow')
  const of = needs.rows.length
  if (needs.services.length === 0) return null
  const lacking = standings(needs).find(({ state }) => state === 'missing')
  if (lacking) return t('needs.missingOn', { count: lacking.missing, of, service: nameOf(lacking.id) })
  return standings(needs).some(({ state }) => state === 'complete') ? t('needs.allThere', { of }) : t('needs.notAsked')
}

function Heads({ needs, nameOf }: OfService) {
  const { t } = useTranslation('workflow')
  if (needs.services.length > mostColumns) return <th scope="col">{t('needs.services')}</th>
  return needs.services.map(({ id, answered, reason, at }) => (
    <th key={id} scope="col" title={reason ? describeReason(reason).message : undefined}>
      <span className={c.head}>{nameOf(id)}</span>
      {!answered && <small className={c.old}>{t('needs.noAnswer', { time: formatClock(at) })}</small>}
    </th>
  ))
}

function Cells({ needs, nameOf, of }: OfService & { of: (id: string) => boolean | null }) {
  const { t } = useTranslation('workflow')
  const { services } = needs
  if (services.length > mostColumns) {
    const having = services.filter(({ id }) => of(id) === true)
    const all = having.length === services.length
    const lacking = services.filter(({ id }) => of(id) === false).map(({ id }) => nameOf(id))
    return (
      <td title={all ? undefined : t('needs.lackedBy', { services: formatList(lacking) })}>
        <StatusLabel
          of={all ? 'ready' : lacking.length > 0 ? 'missing' : 'unknown'}
          word={t('needs.some', { count: having.length, of: services.length })}
        />
      </td>
    )
  }
  return services.map(({ id }) => {
    const has = of(id)
    return (
      <td key={id} data-service={nameOf(id)}>
        <StatusLabel
          of={has === null ? 'unknown' : has ? 'ready' : 'missing'}
          word={t(has === null ? 'needs.unknown' : has ? 'needs.present' : 'needs.missing')}
        />
      </td>
    )
  })
}

function NeedRow({ row, needs, nameOf }: OfService & { row: Row }) {
  const { t } = useTranslation('workflow')
  const { need, nodes, bytes, url } = row
  const host = url === null ? null : hostOf(url)
  const wanted = nodes.length > 0 ? t('needs.byNodes', { count: nodes.length, nodes: formatList(nodes) }) : null
  const facts = [
    need.type === 'file' ? need.folder : t('needs.nodeClass'),
    need.type === 'file' && bytes !== null ? formatSize(bytes) : null,
    wanted,
  ]
  return (
    <tr>
      <td>
        <span className={`mono ${c.name}`}>{need.name}</span>
        <small>
          {facts.filter((fact) => fact !== null).join(', ')}
          {host !== null && url !== null && (
            <>
              {', '}
              <Anchor href={url} target="_blank" rel="noreferrer" fz="inherit" underline="always">
                {t('needs.from', { host })}
              </Anchor>
            </>
          )}
        </small>
      </td>
      <Cells needs={needs} nameOf={nameOf} of={(id) => row.present[id] ?? null} />
      <td className={c.end}>
        <CopyIcon value={need.name} label={t('needs.copy', { name: need.name })} />
      </td>
    </tr>
  )
}
