import { useTranslation } from 'react-i18next'
import type { StackCheck, StackCheckItem } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { StatusIcon, type StatusKey } from '../../../ui/Status'
import c from './Add.module.css'
import { useFirstFocus } from './useFirstFocus'

const marks: Record<StackCheckItem['state'], StatusKey> = { ok: 'ready', warning: 'warning', failed: 'failed' }

/** What was looked at, each with what was found; what is amiss says what to do. */
export function CheckList({ items }: { items: readonly StackCheckItem[] }) {
  const { t } = useTranslation('add')
  return (
    <ul className={c.checks}>
      {items.map((item) => {
        const why = item.reason && describeReason(item.reason)
        return (
          <li key={item.id}>
            <StatusIcon of={marks[item.state]} />
            <div>
              <span className={c.checkHead}>
                <b>{t(`check.${item.id}`)}</b>
                <span className="visually-hidden">, {t(`checkState.${item.state}`)}</span>
                {item.found !== '' && <span className="mono">{item.found}</span>}
              </span>
              {why && (
                <p>
                  {why.message} {why.hint}
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}

/** Everything that a deployment will do, before it does it. */
export function StackReview({ check, serviceId, start }: { check: StackCheck; serviceId: string; start: boolean }) {
  const { t } = useTranslation('add')
  const written = check.files.map(({ path }) => path)
  const made = check.folders.filter(({ exists }) => !exists).map(({ path }) => path)
  const step = useFirstFocus<HTMLDivElement>()
  const folder = written[0]?.replace(/[^/\\]*$/, '') ?? ''
  return (
    <div ref={step} tabIndex={-1} className={c.stage}>
      <section aria-labelledby="review-checks">
        <h3 id="review-checks" className={c.heading}>
          {t('review.found')}
        </h3>
        <CheckList items={check.items} />
      </section>
      <section aria-labelledby="review-will">
        <h3 id="review-will" className={c.heading}>
          {t('review.will')}
        </h3>
        <ol className={c.will}>
          <li>
            {t('review.files', { count: written.length })}
            <code className={c.paths}>
              {folder}
              <br />
              {written.map((path) => path.slice(folder.length)).join(', ')}
            </code>
          </li>
          {made.length > 0 && (
            <li>
              {t('review.folders', { count: made.length })}
              <code className={c.paths}>{made.join('\n')}</code>
            </li>
          )}
          <li>{t('review.credential', { id: serviceId })}</li>
          <li>{t('review.service', { id: serviceId })}</li>
          {start && <li>{t('review.start')}</li>}
        </ol>
        <p className={c.note}>{t('review.undo')}</p>
      </section>
    </div>
  )
}
