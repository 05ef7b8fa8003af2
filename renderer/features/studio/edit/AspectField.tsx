import { useTranslation } from 'react-i18next'
import type { Family, Task } from '../../../../shared/contract'
import { Chip } from '../Chip'
import { namedSizes } from '../ratios'
import { changeEdit, useStudio } from '../store'
import s from '../Studio.module.css'
import { resultSize } from './params'
import type { ReadySource } from './source'

interface AspectFieldProps {
  family: Family
  task: Task
  source: ReadySource
}

/** The form of the result: the source's, or one of the family's own. An edit by instruction keeps the source's. */
export function AspectField({ family, task, source }: AspectFieldProps) {
  const { t } = useTranslation(['editing', 'studio'])
  const { size } = useStudio().form.edit
  const result = resultSize(size, task, source, family)
  return (
    <fieldset className={s.group}>
      <legend className={s.legend}>
        {t('studio:form.ratio')}
        <span>{result ? `${result.width} × ${result.height}` : t('aspect.kept')}</span>
      </legend>
      <div className={s.chips} data-chips>
        <Chip isOn={result === null || size === 'own'} shape={source} onClick={() => changeEdit({ size: 'own' })}>
          {t('aspect.source')}
        </Chip>
        {result !== null &&
          namedSizes(family.sizes).map(({ name, width, height }) => (
            <Chip
              key={`${width} ${height}`}
              isOn={size !== 'own' && size.width === width && size.height === height}
              title={`${width} × ${height}`}
              shape={{ width, height }}
              onClick={() => changeEdit({ size: { width, height } })}
            >
              {name}
            </Chip>
          ))}
      </div>
    </fieldset>
  )
}
