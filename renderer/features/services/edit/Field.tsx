import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusIcon } from '../../../ui/Status'
import type { EditField } from './edit-form'
import type { Issue } from './edit-issues'
import c from './Edit.module.css'

/** One part of the form, under its name. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={c.section} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

/** What is wrong, with its correction as a button. */
export function IssueLine({ issue, onFix }: { issue: Issue; onFix: (fix: string) => void }) {
  const { t } = useTranslation('edit')
  const { fix } = issue
  return (
    <p className={c.error} role="alert">
      <StatusIcon of="failed" size={14} />
      <span>
        {t(`issue.${issue.issue}`)}{' '}
        {fix !== undefined && (
          <>
            {t('use')}{' '}
            <button type="button" className={c.link} onClick={() => onFix(fix)}>
              {fix}
            </button>
            ?
          </>
        )}
      </span>
    </p>
  )
}

interface FieldProps {
  field: EditField
  changed: readonly EditField[]
  note?: string
  hint?: ReactNode
  /** What is wrong with the whole field. */
  issue?: Issue | undefined
  onFix?: (fix: string) => void
  children: ReactNode
}

/** Label at the left, control at the right; a changed field has a blue edge and the word. */
export function Field({ field, changed, note, hint, issue, onFix = () => undefined, children }: FieldProps) {
  const { t } = useTranslation('edit')
  const isChanged = changed.includes(field)
  return (
    <div className={c.field} data-changed={isChanged || undefined}>
      <span className={c.label}>
        {t(`field.${field}`)}
        {note !== undefined && <small data-note>{note}</small>}
        {isChanged && <small>{t('changed')}</small>}
      </span>
      <div className={c.control}>
        {children}
        {issue && <IssueLine issue={issue} onFix={onFix} />}
        {hint !== undefined && <p className={c.hint}>{hint}</p>}
      </div>
    </div>
  )
}
