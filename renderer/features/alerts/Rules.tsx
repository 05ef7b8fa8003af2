import { Button, Switch } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertRuleId, AlertSeverity } from '../../../shared/alert-rules'
import type { Alert, AlertRule, Alerts } from '../../../shared/contract'
import { api } from '../../api/query'
import { formatClock, formatDate, formatList } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { DotsButton } from '../../ui/DotsButton'
import { MenuButton } from '../../ui/MenuButton'
import { Panel } from '../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import narrow from '../../ui/NarrowRows.module.css'
import c from './Alerts.module.css'
import { muteOf, useMuteEntries } from './muting'
import { RuleDialog } from './RuleDialog'
import { channelNames, readAlertsAgain, ruleWords, useNameOf, useRuleWords } from './words'

/** The mark of how much an alert weighs. */
export const markOf: Record<AlertSeverity, StatusKey> = { critical: 'unhealthy', warning: 'warning', info: 'notice' }

const dayMs = 24 * 3600_000

/** Whether a time of day says when. */
const isSoon = (at: number): boolean => at - Date.now() < dayMs

/** So many rules are shown; the rest is folded. */
const shownAtFirst = 9

function Last({ rule, firing, alerts }: { rule: AlertRule; firing: readonly Alert[]; alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const nameOf = useNameOf()
  const mute = muteOf(alerts.mutes, { what: 'rule', rule: rule.id })
  if (mute?.until === null) return t('muted')
  if (mute) return t('mutedUntil', { at: isSoon(mute.until) ? formatClock(mute.until) : formatDate(mute.until) })
  const [first] = firing
  if (first && firing.length === 1 && first.subject !== null)
    return <b className={c.now}>{t('rules.firing', { what: nameOf(first.subject) })}</b>
  if (first && firing.length === 1) return <b className={c.now}>{t('rules.firingNow')}</b>
  if (first) return <b className={c.now}>{t('rules.firingMany', { count: firing.length })}</b>
  return rule.lastAt === null ? t('rules.never') : <Ago at={rule.lastAt} />
}

interface RowProps {
  rule: AlertRule
  alerts: Alerts
  onEdit: (id: AlertRuleId) => void
}

function Row({ rule, alerts, onEdit }: RowProps) {
  const { t } = useTranslation('alerts')
  const words = useRuleWords()(rule)
  const entries = useMuteEntries(alerts.mutes)
  const change = useMutation(api.alerts.changeRule.mutationOptions({ onSettled: readAlertsAgain }))
  const firing = alerts.firing.filter((alert) => alert.rule === rule.id)
  const isQuiet = !rule.on || muteOf(alerts.mutes, { what: 'rule', rule: rule.id }) !== null
  const name = ruleWords(rule.id)
  const to = rule.channels === null ? t('rules.all') : formatList(channelNames(alerts.channels)(rule.channels))
  return (
    <tr data-off={isQuiet || undefined}>
      <td>
        <button
          type="button"
          className={c.rule}
          onClick={() => onEdit(rule.id)}
          aria-label={`${t('rules.edit')}: ${name}`}
        >
          <span className={firing.length === 0 ? c.calm : ''}>
            <StatusIcon of={markOf[rule.severity]} />
          </span>
          <span>
            {name}
            {words.limit !== '' && <small>{words.limit}</small>}
          </span>
        </button>
      </td>
      <td className={`num ${c.mid}`}>{words.lasts}</td>
      <td className={`num ${c.mid}`}>{words.over}</td>
      <td className={c.mid}>{to === '' ? t('rules.none') : to}</td>
      <td className={c.quiet}>
        <Last {...{ rule, firing, alerts }} />
      </td>
      <td className={c.acts}>
        <Switch
          checked={rule.on}
          onChange={(event) => change.mutate({ id: rule.id, on: event.currentTarget.checked })}
          aria-label={t('rules.on', { rule: name })}
        />
        <MenuButton
          entries={() => [
            { type: 'act', key: 'edit', label: t('rules.edit'), icon: IconPencil, onClick: () => onEdit(rule.id) },
            ...entries({ what: 'rule', rule: rule.id }),
          ]}
        >
          <DotsButton label={t('rules.more', { rule: name })} />
        </MenuButton>
      </td>
    </tr>
  )
}

/** What raises an alert, and whom it reaches: those that fire first. */
export function Rules({ alerts }: { alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const [edited, setEdited] = useState<AlertRuleId | null>(null)
  const [isOpen, setOpen] = useState(false)
  const isFiring = ({ id }: AlertRule) => alerts.firing.some(({ rule }) => rule === id)
  const rules = [...alerts.rules.filter(isFiring), ...alerts.rules.filter((rule) => !isFiring(rule))]
  const rule = rules.find(({ id }) => id === edited)
  return (
    <Panel title={t('rules.title')} note={t('rules.note')} flush>
      <table className={`${narrow.rows} ${c.table}`}>
        <thead>
          <tr>
            {(['when', 'for', 'over', 'to', 'last'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`rules.${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {(isOpen ? rules : rules.slice(0, shownAtFirst)).map((one) => (
            <Row key={one.id} rule={one} alerts={alerts} onEdit={setEdited} />
          ))}
        </tbody>
      </table>
      <Button
        variant="subtle"
        color="gray"
        className={c.unfold}
        onClick={() => setOpen(!isOpen)}
        aria-expanded={isOpen}
      >
        {isOpen ? t('rules.fewerRules') : t('rules.allRules', { count: rules.length })}
      </Button>
      {rule && <RuleDialog rule={rule} channels={alerts.channels} onClose={() => setEdited(null)} />}
    </Panel>
  )
}
