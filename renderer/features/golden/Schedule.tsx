import { Button, Modal, NumberInput, Switch, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Golden, GoldenCheck, GoldenParams } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import dialog from '../../ui/Dialog.module.css'
import { Panel } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Golden.module.css'

const triggers = ['afterStart', 'afterUpdate', 'daily'] as const

/** A number of a form; an empty field is none. */
const numberOf = (value: string | number): number | undefined => (typeof value === 'number' ? value : undefined)

type Numbers = Partial<Record<'seed' | 'width' | 'height' | 'steps', string | number>>

interface NumberFieldsProps {
  numbers: Numbers
  made: GoldenCheck['made']
  onChange: (numbers: Numbers) => void
}

function NumberFields({ numbers, made, onChange }: NumberFieldsProps) {
  const { t } = useTranslation('golden')
  return (
    <div className={c.fields}>
      {(['seed', 'steps', 'width', 'height'] as const).map((name) => (
        <NumberInput
          key={name}
          label={t(`image.${name}`)}
          value={numbers[name] ?? ''}
          onChange={(value) => onChange({ ...numbers, [name]: value })}
          placeholder={made ? formatInteger(made[name]) : t('image.usual')}
          allowDecimal={false}
          min={name === 'seed' ? 0 : name === 'steps' ? 1 : 64}
          max={name === 'seed' ? 4_294_967_294 : name === 'steps' ? 150 : 2048}
          step={name === 'width' || name === 'height' ? 64 : 1}
        />
      ))}
    </div>
  )
}

/** What the image is generated from; what is empty is the service's own default. */
function ImageDialog({ golden: { serviceId, settings, checks }, onClose }: { golden: Golden; onClose: () => void }) {
  const { t } = useTranslation(['golden', 'common'])
  useReturnFocus()
  const { params } = settings
  const made = checks.find((check) => check.made !== null)?.made ?? null
  const [prompt, setPrompt] = useState(params.prompt ?? '')
  const [numbers, setNumbers] = useState<Numbers>({
    ...(params.seed !== undefined && { seed: params.seed }),
    ...(params.width !== undefined && { width: params.width }),
    ...(params.height !== undefined && { height: params.height }),
    ...(params.steps !== undefined && { steps: params.steps }),
  })
  const save = useMutation(api.golden.change.mutationOptions({ meta: { quiet: true }, onSuccess: onClose }))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const { workflow, checkpoint } = params
    const given = Object.entries(numbers).flatMap(([name, value]) => {
      const number = numberOf(value)
      return number === undefined ? [] : [[name, number] as const]
    })
    const next: GoldenParams = {
      ...Object.fromEntries(given),
      ...(prompt.trim() !== '' && { prompt: prompt.trim() }),
      ...(workflow !== undefined && { workflow }),
      ...(checkpoint !== undefined && { checkpoint }),
    }
    save.mutate({ id: serviceId, params: next })
  }
  return (
    <Modal opened onClose={onClose} title={t('image.title')} size={520}>
      <form className={dialog.dialog} onSubmit={submit}>
        <p className={c.text}>{t('image.text')}</p>
        <Textarea
          label={t('image.prompt')}
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
          placeholder={made?.prompt ?? t('image.usual')}
          autosize
          minRows={2}
          maxRows={8}
          data-autofocus
        />
        <NumberFields numbers={numbers} made={made} onChange={setNumbers} />
        <Failure error={save.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('image.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** When a check runs by itself, what it generates, and which image the others are held against. */
export function Schedule({ golden, last }: { golden: Golden; last: GoldenCheck | null }) {
  const { t } = useTranslation('golden')
  const [isOpen, setOpen] = useState(false)
  const change = useMutation(api.golden.change.mutationOptions())
  const accept = useMutation(api.golden.accept.mutationOptions())
  const { serviceId, settings, slowerLimitPct, waits } = golden
  const canAccept = last !== null && last.hasPicture && last.state !== 'failed' && last.id !== golden.golden?.id
  return (
    <Panel title={t('schedule.title')}>
      <div className={c.rows}>
        {triggers.map((name) => (
          <Switch
            key={name}
            classNames={{ body: c.switch ?? '', labelWrapper: c.label ?? '' }}
            labelPosition="left"
            label={t(`schedule.${name}`)}
            checked={settings[name]}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ id: serviceId, [name]: event.currentTarget.checked })}
          />
        ))}
        <div className={c.row}>
          {t('schedule.slower')}
          <a href={hrefOf('settings', 'alerts')} className={`num ${c.value}`}>
            {t('schedule.percent', { percent: formatInteger(slowerLimitPct) })}
          </a>
        </div>
      </div>
      <p className={c.text}>{t('schedule.text')}</p>
      {waits && <p className={c.text}>{t('schedule.waits', { why: describeReason(waits).message })}</p>}
      <div className={c.buttons}>
        {last !== null && (
          <Button
            variant="default"
            disabled={!canAccept}
            loading={accept.isPending}
            onClick={() => accept.mutate({ id: serviceId, checkId: last.id })}
          >
            {t('schedule.accept')}
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={() => setOpen(true)}>
          {t('schedule.image')}
        </Button>
      </div>
      {isOpen && <ImageDialog golden={golden} onClose={() => setOpen(false)} />}
    </Panel>
  )
}
