import '@mantine/core/styles/Slider.css'
import { ActionIcon, Combobox, InputBase, NumberInput, Slider, useCombobox } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mostLoras, type Lora } from '../../../shared/contract'
import { shortModel } from '../gallery/short-model'
import c from './Loras.module.css'
import s from './Studio.module.css'

interface LorasProps {
  /** What the service lists. */
  there: readonly string[]
  loras: readonly Lora[]
  onChange: (loras: Lora[]) => void
  /** The service, where several have such a list. */
  serviceId?: string
}

/** Beyond these a weight is typed: hardly any LoRA bears it. */
const slideFrom = -1
const slideTo = 2

/** Files that are added to the model, each with its weight; several at once. */
export default function Loras({ there, loras, onChange, serviceId }: LorasProps) {
  const { t } = useTranslation('studio')
  const change = (name: string, weight: number) =>
    onChange(loras.map((one) => (one.name === name ? { name, weight } : one)))
  const left = there.filter((name) => !loras.some((one) => one.name === name))
  const label =
    serviceId === undefined ? t('lora.label') : t('param.on', { param: t('lora.label'), service: serviceId })
  return (
    <fieldset className={s.group}>
      <legend className={s.legend}>
        {label}
        {loras.length > 0 && <span>{t('lora.count', { count: loras.length, of: mostLoras })}</span>}
      </legend>
      {loras.map(({ name, weight }) => (
        <Line
          key={name}
          lora={{ name, weight }}
          isThere={there.includes(name)}
          onWeight={(next) => change(name, next)}
          onRemove={() => onChange(loras.filter((one) => one.name !== name))}
        />
      ))}
      {there.length === 0 ? (
        <p className={s.note}>{t('lora.none')}</p>
      ) : (
        left.length > 0 &&
        loras.length < mostLoras && (
          <Add label={label} left={left} onAdd={(name) => onChange([...loras, { name, weight: 1 }])} />
        )
      )}
    </fieldset>
  )
}

interface LineProps {
  lora: Lora
  isThere: boolean
  onWeight: (weight: number) => void
  onRemove: () => void
}

function Line({ lora: { name, weight }, isThere, onWeight, onRemove }: LineProps) {
  const { t } = useTranslation('studio')
  return (
    <div className={c.lora} data-gone={!isThere || undefined}>
      <span className="ellipsis" title={isThere ? name : t('lora.gone', { name })}>
        {shortModel(name)}
      </span>
      <Slider
        size={3}
        thumbSize={14}
        label={null}
        color="var(--accent-fill)"
        thumbLabel={t('lora.slider', { name })}
        min={slideFrom}
        max={slideTo}
        step={0.05}
        value={weight}
        onChange={(next) => onWeight(Math.round(next * 100) / 100)}
      />
      <NumberInput
        aria-label={t('lora.weight', { name })}
        value={weight}
        min={-10}
        max={10}
        step={0.05}
        decimalScale={2}
        clampBehavior="strict"
        hideControls
        onChange={(next) => typeof next === 'number' && onWeight(next)}
      />
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('lora.remove', { name })} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}

/** So many are listed; the others are found by their name. */
const mostListed = 200

function Add({ label, left, onAdd }: { label: string; left: readonly string[]; onAdd: (name: string) => void }) {
  const { t } = useTranslation('studio')
  const [sought, setSought] = useState('')
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const found = left.filter((name) => name.toLowerCase().includes(sought.trim().toLowerCase())).slice(0, mostListed)
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(name) => {
        onAdd(name)
        setSought('')
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target>
        <InputBase
          size="xs"
          aria-label={t('lora.addTo', { label })}
          placeholder={t('lora.add')}
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
          {found.length === 0 ? (
            <Combobox.Empty>{t('lora.notFound')}</Combobox.Empty>
          ) : (
            found.map((name) => (
              <Combobox.Option key={name} value={name} title={name}>
                {name}
              </Combobox.Option>
            ))
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
