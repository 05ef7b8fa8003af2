import { Radio } from '@mantine/core'
import '@mantine/core/styles/Radio.css'
import { Fragment, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusIcon } from '../../../ui/Status'
import { shownField, type EditField, type EditForm } from './edit-form'
import type { Editing } from './useEditing'
import c from './Edit.module.css'

function Sides({
  field,
  mine,
  theirs,
  editing,
}: {
  field: EditField
  mine: EditForm
  theirs: EditForm
  editing: Editing
}) {
  const { t } = useTranslation('edit')
  const name = useId()
  const [side, setSide] = useState<'mine' | 'theirs'>('mine')
  const choose = (chosen: 'mine' | 'theirs') => {
    setSide(chosen)
    editing.change({ [field]: (chosen === 'mine' ? mine : theirs)[field] })
  }
  const one = (which: 'mine' | 'theirs', form: EditForm) => (
    <label className={c.side}>
      <Radio
        name={name}
        checked={side === which}
        onChange={() => choose(which)}
        aria-label={t(`conflict.${which}Of`, { field: t(`field.${field}`) })}
      />
      {shownField(form, field) || t('none')}
    </label>
  )
  return (
    <Fragment>
      <b data-field>{t(`field.${field}`)}</b>
      {one('mine', mine)}
      {one('theirs', theirs)}
    </Fragment>
  )
}

/** What somebody else has changed meanwhile, beside what is typed here. */
export function Conflicts({ editing }: { editing: Editing }) {
  const { t } = useTranslation('edit')
  const { conflicts, form } = editing
  // What is typed, as it was when the two met.
  const [mine] = useState(form)
  if (!conflicts) return null
  const { fields, theirs } = conflicts
  return (
    <section className={c.conflict} aria-label={t('conflict.title')} role="alert">
      <h3>
        <StatusIcon of="warning" size={15} /> {t('conflict.title')}
      </h3>
      <p>{t(fields.length === 0 ? 'conflict.none' : 'conflict.text', { count: fields.length })}</p>
      {fields.length > 0 && (
        <div className={c.sides}>
          <span data-corner />
          <b>{t('conflict.mine')}</b>
          <b>{t('conflict.theirs')}</b>
          {fields.map((field) => (
            <Sides key={field} {...{ field, mine, theirs, editing }} />
          ))}
        </div>
      )}
    </section>
  )
}
