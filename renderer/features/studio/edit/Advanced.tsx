import { NumberInput, Select } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shortModel } from '../../gallery/short-model'
import { changeEdit, changeForm, useStudio } from '../store'
import s from '../Studio.module.css'
import c from './Edit.module.css'
import type { Fit, Offering } from './fits'

/** Steps, CFG, sampler and the rest, folded: a family's own values are good ones. */
export function Advanced({ fit, offering }: { fit: Fit; offering: Offering }) {
  const { t } = useTranslation(['editing', 'studio'])
  const { params } = useStudio().form.edit
  const [isOpen, setOpen] = useState(false)
  const body = useId()
  const shown = { ...fit.family.defaults, ...params }
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <section className={s.perService}>
      <button
        type="button"
        className={`${s.more} ${c.fold}`}
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => setOpen(!isOpen)}
      >
        <Chevron size={14} aria-hidden />
        {t('advanced.label')}
        <span>
          {t('advanced.now', {
            ...{ steps: shown.steps, cfg: shown.cfg, sampler: shown.sampler, scheduler: shown.scheduler },
          })}
        </span>
      </button>
      <div id={body} hidden={!isOpen} className={c.advanced}>
        <Values fit={fit} offering={offering} />
      </div>
    </section>
  )
}

const numberOr = (value: string | number) => (typeof value === 'number' ? value : undefined)

function Values({ fit: { family }, offering: { capabilities } }: { fit: Fit; offering: Offering }) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const { params } = form.edit
  const { defaults } = family
  const set = (part: typeof params) => {
    const rest = Object.entries({ ...params, ...part }).filter(([, value]) => value !== undefined)
    changeEdit({ params: Object.fromEntries(rest) })
  }
  return (
    <>
      <NumberInput
        label={t('param.steps')}
        value={params.steps ?? ''}
        placeholder={String(defaults.steps)}
        {...{ min: 1, max: 150, allowDecimal: false, clampBehavior: 'strict', hideControls: true }}
        onChange={(value) => set({ steps: numberOr(value) })}
      />
      <NumberInput
        label={t('param.cfg')}
        value={params.cfg ?? ''}
        placeholder={String(defaults.cfg)}
        {...{ min: 0, max: 30, step: 0.5, decimalScale: 1, clampBehavior: 'strict', hideControls: true }}
        onChange={(value) => set({ cfg: numberOr(value) })}
      />
      {(['sampler', 'scheduler'] as const).map((name) => (
        <Choice
          key={name}
          label={t(`param.${name}`)}
          usual={defaults[name]}
          there={name === 'sampler' ? capabilities.samplers : capabilities.schedulers}
          value={params[name]}
          onChange={(value) => set({ [name]: value })}
        />
      ))}
      {family.checkpoints.length > 1 && (
        <Choice
          label={t('param.checkpoint')}
          usual={family.checkpoints[0] ?? ''}
          there={family.checkpoints}
          value={params.checkpoint}
          onChange={(checkpoint) => set({ checkpoint })}
        />
      )}
      <NumberInput
        label={t('form.images')}
        value={form.images}
        {...{ min: 1, max: 8, allowDecimal: false, clampBehavior: 'strict' }}
        onChange={(value) => typeof value === 'number' && value >= 1 && changeForm({ images: value })}
      />
    </>
  )
}

interface ChoiceProps {
  label: string
  /** What is taken where nothing is chosen. */
  usual: string
  there: readonly string[]
  value: string | undefined
  onChange: (value: string | undefined) => void
}

function Choice({ label, usual, there, value, onChange }: ChoiceProps) {
  const { t } = useTranslation('studio')
  return (
    <Select
      label={label}
      data={[
        { value: '', label: t('form.defaultIs', { value: shortModel(usual) }) },
        ...there.map((one) => ({ value: one, label: one })),
        ...(value !== undefined && !there.includes(value) ? [{ value, label: value }] : []),
      ]}
      value={value ?? ''}
      searchable={there.length > 12}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      onChange={(next) => onChange(next === null || next === '' ? undefined : next)}
    />
  )
}
