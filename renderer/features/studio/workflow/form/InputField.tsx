import { ActionIcon, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { IconDice3, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useState, type FocusEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingText } from '../../../../ui/GrowingText'
import { Tooltip } from '../../../../ui/Tooltip'
import { mostSeed, seedFor, valueOf } from '../model/kept'
import { setValue, toggleLock } from '../store'
import c from './Form.module.css'
import { ImageInput } from './ImageInput'
import type { InputFieldProps } from './input-field-props'

/** So many texts of a long list are drawn at once; typing finds the others. */
const mostChoices = 100
/** What the contract takes, in UTF-16 units. */
const longest = 65_536

/** The control of one input, by its type. */
export function InputField(props: InputFieldProps) {
  const { workflowId, input, kept, name } = props
  const value = valueOf(input, kept)
  const set = (next: string | number | boolean) => setValue(workflowId, input, next)
  const own = { id: `in-${input.id}`, 'aria-label': name }
  switch (input.type) {
    case 'text':
      return input.multiline ? (
        <GrowingText
          {...own}
          value={String(value)}
          maxLength={longest}
          least={3}
          most={10}
          onChange={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...own}
          value={String(value)}
          maxLength={longest}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    case 'integer':
      return input.role === 'seed' ? <SeedField {...props} /> : <NumberField {...props} isWhole />
    case 'number':
      return <NumberField {...props} isWhole={false} />
    case 'boolean':
      return (
        <Switch
          {...own}
          className={c.switch}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      )
    case 'choice':
      return <ChoiceField {...props} />
    case 'image':
      return <ImageInput {...props} />
  }
}

/** A number that was emptied stands there again when one leaves it, for it is what would run. */
function useOwnNumber() {
  const [key, setKey] = useState(0)
  return { key, onBlur: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.value === '' && setKey(key + 1) }
}

function NumberField({ workflowId, input, kept, name, isWhole }: InputFieldProps & { isWhole: boolean }) {
  const { min, max, step } = input
  const own = useOwnNumber()
  return (
    <NumberInput
      key={own.key}
      onBlur={own.onBlur}
      id={`in-${input.id}`}
      aria-label={name}
      value={Number(valueOf(input, kept))}
      {...(min !== null && { min })}
      {...(max !== null && { max: Math.min(max, Number.MAX_SAFE_INTEGER) })}
      {...(step !== null && { step })}
      allowDecimal={!isWhole}
      clampBehavior="blur"
      onChange={(value) => typeof value === 'number' && setValue(workflowId, input, value)}
    />
  )
}

/** A seed is drawn at each run, unless it is locked or was typed. */
function SeedField({ workflowId, input, kept, name }: InputFieldProps) {
  const { t } = useTranslation('workflow')
  const isLocked = kept.locked.includes(input.id)
  const own = useOwnNumber()
  const put = (value: number) => {
    setValue(workflowId, input, value)
    if (!isLocked) toggleLock(workflowId, input.id)
  }
  return (
    <div className={c.seed}>
      <NumberInput
        key={own.key}
        onBlur={own.onBlur}
        id={`in-${input.id}`}
        aria-label={name}
        value={Number(valueOf(input, kept))}
        min={input.min ?? 0}
        max={mostSeed(input)}
        allowDecimal={false}
        clampBehavior="strict"
        hideControls
        onChange={(value) => typeof value === 'number' && put(value)}
      />
      <Tooltip label={t('seed.draw')}>
        <ActionIcon aria-label={t('seed.drawFor', { input: name })} onClick={() => put(seedFor(input))}>
          <IconDice3 size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t(isLocked ? 'seed.isLocked' : 'seed.isDrawn')} multiline maw={240}>
        <ActionIcon
          aria-label={t('seed.lock', { input: name })}
          aria-pressed={isLocked}
          onClick={() => toggleLock(workflowId, input.id)}
        >
          {isLocked ? <IconLock size={16} stroke={1.6} /> : <IconLockOpen size={16} stroke={1.6} />}
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

/** One of what the service offers; what stands in the workflow can be chosen even where the service has it not. */
function ChoiceField({ workflowId, input, kept, name }: InputFieldProps) {
  const { t } = useTranslation('workflow')
  const value = String(valueOf(input, kept))
  const choices = [...new Set([...(input.choices.includes(value) ? [] : [value]), ...input.choices])]
  return (
    <Select
      id={`in-${input.id}`}
      aria-label={name}
      data={choices}
      value={value}
      title={value}
      searchable={choices.length > 8}
      limit={mostChoices}
      nothingFoundMessage={t('form.nothingFound')}
      onChange={(next) => next !== null && setValue(workflowId, input, next)}
    />
  )
}
