import { NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Size } from '../../../shared/contract'
import { Chip } from './Chip'
import { fitSide, type StudioForm } from './form'
import { offeredAs, type Ratio } from './ratios'
import { changeForm } from './store'
import c from './Studio.module.css'

interface SizeFieldsProps {
  form: StudioForm
  /** Those that are offered. */
  sizes: readonly Ratio[]
  /** What the models take where nothing is chosen; null where they differ, or that is not known. */
  usual: Exclude<Size, 'own'> | null
}

/** The form of the picture as chips: each service's own, those of its model or the usual ratios, or any size. */
export function SizeFields({ form, sizes, usual }: SizeFieldsProps) {
  const { t } = useTranslation('studio')
  const { size } = form
  const chosen = form.isCustomSize ? null : offeredAs(size, sizes)
  const isCustom = size !== 'own' && chosen === null
  const shown = size === 'own' ? usual : size
  return (
    <fieldset className={c.group}>
      <legend className={c.legend}>
        {t('form.ratio')}
        <span>{shown ? `${shown.width} × ${shown.height}` : t('form.sizeOwn')}</span>
      </legend>
      <div className={c.chips} data-chips>
        <Chip isOn={size === 'own'} onClick={() => changeForm({ size: 'own', isCustomSize: false })}>
          {t('form.auto')}
        </Chip>
        {sizes.map(({ name, width, height }) => (
          <Chip
            key={name}
            isOn={chosen?.name === name}
            title={`${width} × ${height}`}
            shape={{ width, height }}
            onClick={() => changeForm({ size: { width, height }, isCustomSize: false })}
          >
            {name}
          </Chip>
        ))}
        <Chip
          isOn={isCustom}
          onClick={() =>
            changeForm({ size: size === 'own' ? { width: 1024, height: 1024 } : size, isCustomSize: true })
          }
        >
          {t('form.sizeCustom')}
        </Chip>
      </div>
      {isCustom && <Sides size={size} />}
    </fieldset>
  )
}

function Sides({ size }: { size: Exclude<Size, 'own'> }) {
  const { t } = useTranslation('studio')
  return (
    <div className={c.sides} title={t('form.sideNote')}>
      {(['width', 'height'] as const).map((name) => (
        <NumberInput
          key={`${name} ${size[name]}`}
          label={t(`form.${name}`)}
          defaultValue={size[name]}
          min={64}
          max={2048}
          step={8}
          allowDecimal={false}
          onBlur={(event) => {
            const value = Number.parseInt(event.currentTarget.value, 10)
            if (Number.isFinite(value)) changeForm({ size: { ...size, [name]: fitSide(value) } })
          }}
        />
      ))}
      <p>{t('form.sideNote')}</p>
    </div>
  )
}
