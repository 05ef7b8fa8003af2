import { useTranslation } from 'react-i18next'
import type { SharedFolders } from '../../../shared/contract'
import { useServiceName } from '../../api/useServiceName'
import { describeReason } from '../../i18n'
import { CodeBlock } from '../../ui/CodeBlock'
import c from './Models.module.css'

/** Where the lines are added. */
function useWhere({ form, at, serviceId: service }: SharedFolders): string {
  const { t } = useTranslation('library')
  switch (form) {
    case 'file':
      return at === null ? t('folder.fileUnknown') : t('folder.file', { at })
    case 'arguments':
      return t('folder.arguments', { service })
    case 'variable':
      return t('folder.variable', { at })
    case 'command':
      return t('folder.command')
  }
}

function Lines({ offer }: { offer: SharedFolders }) {
  const { t } = useTranslation('library')
  const { form, lines, mounts, inspect } = offer
  // A container has a new environment, command or mount only when it is made again.
  const isContainer = mounts !== null || form === 'variable' || form === 'command'
  const where = useWhere(offer)
  const title = mounts === null ? where : t('folder.then', { what: where })
  return (
    <>
      {mounts !== null && (
        <>
          <h5>{t('folder.mounts')}</h5>
          <p>{t('folder.mountsNote')}</p>
          <CodeBlock name={t('folder.mounts')} copyLabel={t('folder.copyMounts')}>
            {mounts}
          </CodeBlock>
          {inspect !== null && (
            <details className={c.inspect}>
              <summary>{t('folder.inspect')}</summary>
              <CodeBlock name={t('folder.inspect')} copyLabel={t('folder.copyInspect')}>
                {inspect}
              </CodeBlock>
            </details>
          )}
        </>
      )}
      {lines !== '' && (
        <>
          <h5>{title}</h5>
          <CodeBlock name={title} copyLabel={t('folder.copyLines')}>
            {lines}
          </CodeBlock>
          {form === 'command' && <p>{t('folder.commandNote')}</p>}
          <p>{t(isContainer ? 'folder.recreate' : 'folder.restart')}</p>
        </>
      )}
    </>
  )
}

function Left({ left }: Pick<SharedFolders, 'left'>) {
  const { t } = useTranslation('library')
  if (left.length === 0) return null
  return (
    <>
      <h5>{t('folder.left')}</h5>
      <ul className={c.copies}>
        {left.map(({ path, line, reason }, at) => (
          <li key={`${at} ${path}`}>
            <span className="mono">{path}</span>
            <span>
              {describeReason(reason).message} {describeReason(reason).hint}
            </span>
            {line !== null && (
              <CodeBlock name={t('folder.leftLine', { path })} copyLabel={t('folder.copyLines')}>
                {line}
              </CodeBlock>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

/** What tells services of a folder in common, ready to copy: nothing is changed by it. */
export function ShareFolder({ offers }: { offers: readonly SharedFolders[] }) {
  const { t } = useTranslation('library')
  const nameOf = useServiceName()
  return (
    <>
      <p>{t('folder.text')}</p>
      {offers.map((offer) => (
        <section key={offer.serviceId} className={c.offer} aria-label={nameOf(offer.serviceId)}>
          <h4>{nameOf(offer.serviceId)}</h4>
          <Lines offer={offer} />
          <Left left={offer.left} />
        </section>
      ))}
    </>
  )
}
