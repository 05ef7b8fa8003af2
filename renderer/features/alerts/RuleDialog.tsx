import { Button, Modal, MultiSelect, NumberInput, Select } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { alertRules, alertSeverities } from '../../../shared/alert-rules'
import type { AlertChannel, AlertRule } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Alerts.module.css'
import { readAlertsAgain, ruleWords } from './words'

const numberOf = (value: string | number, before: number): number => (typeof value === 'number' ? value : before)

/** Its limit, where it has one, and how long it must last and be gone. */
function Figures({ draft, onChange }: { draft: AlertRule; onChange: (draft: AlertRule) => void }) {
  const { t } = useTranslation('alerts')
  const own = alertRules[draft.id].limit
  const { limit } = draft
  return (
    <>
      {own && limit && (
        <div className={c.pair}>
          {(['begins', 'ends'] as const).map((edge) => (
            <NumberInput
              key={edge}
              label={t(`rule.${edge}`, { unit: t(`rule.unit.${own.unit}`) })}
              value={limit[edge]}
              min={0}
              max={own.most}
              onChange={(value) => onChange({ ...draft, limit: { ...limit, [edge]: numberOf(value, limit[edge]) } })}
            />
          ))}
        </div>
      )}
      <div className={c.pair}>
        {(['forSec', 'overSec'] as const).map((field) => (
          <NumberInput
            key={field}
            label={t(`rule.${field}`)}
            value={draft[field]}
            min={0}
            max={86_400}
            allowDecimal={false}
            onChange={(value) => onChange({ ...draft, [field]: numberOf(value, draft[field]) })}
          />
        ))}
      </div>
    </>
  )
}

/** How a rule is set. Mount it while it is open. */
export function RuleDialog({
  rule,
  channels,
  onClose,
}: {
  rule: AlertRule
  channels: readonly AlertChannel[]
  onClose: () => void
}) {
  const { t } = useTranslation(['alerts', 'common'])
  const [draft, setDraft] = useState(rule)
  const change = useMutation(api.alerts.changeRule.mutationOptions({ onSuccess: onClose, onSettled: readAlertsAgain }))
  useReturnFocus()
  const save = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { id, severity, forSec, overSec, limit } = draft
    change.mutate({ id, severity, forSec, overSec, limit, channels: draft.channels })
  }
  return (
    <Modal opened onClose={onClose} title={ruleWords(rule.id)} size={460}>
      <form className={c.dialog} onSubmit={save} noValidate>
        <Figures draft={draft} onChange={setDraft} />
        <Select
          label={t('rule.severity')}
          data={alertSeverities.map((value) => ({ value, label: t(`severity.${value}`) }))}
          value={draft.severity}
          onChange={(severity) => severity && setDraft({ ...draft, severity })}
          allowDeselect={false}
        />
        <MultiSelect
          label={t('rule.channels')}
          description={t('rule.channelsHint')}
          data={channels.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.channels ?? []}
          onChange={(chosen) => setDraft({ ...draft, channels: chosen.length === 0 ? null : chosen })}
        />
        <Failure error={change.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('form.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
