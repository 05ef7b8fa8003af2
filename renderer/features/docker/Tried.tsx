import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { EngineAttempt, EngineStatus } from '../../../shared/contract'
import { Ago } from '../../ui/Ago'
import { Panel } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import narrow from '../../ui/NarrowRows.module.css'
import c from './Docker.module.css'

/** Answers that have words of their own; others are shown as they came. */
const worded = ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM', 'ENOTFOUND', 'ETIMEDOUT', 'connected'] as const
const isWorded = (text: string): text is (typeof worded)[number] => (worded as readonly string[]).includes(text)

function Sign({ answered }: Pick<EngineAttempt, 'answered'>) {
  if (answered === '') return <StatusIcon of="absent" size={15} />
  return answered === 'connected' ? (
    <IconCheck size={15} className={c.good} aria-hidden />
  ) : (
    <IconX size={15} className={c.bad} aria-hidden />
  )
}

/** Where Docker was looked for, and what came back. */
export function Tried({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('docker')
  const word = (answered: string) => {
    if (answered === '') return t('tried.skipped')
    return isWorded(answered) ? t(`answered.${answered}`) : answered
  }
  return (
    <Panel title={t('tried.title')} note={<Ago at={engine.triedAt} />} flush>
      <table className={`${narrow.rows} ${c.table}`}>
        <tbody>
          {engine.attempts.map((attempt) => (
            <tr key={`${attempt.source} ${attempt.endpoint}`}>
              <td className={c.tryName}>
                <Sign answered={attempt.answered} />
                {t(`source.${attempt.source}`)}
              </td>
              <td
                className={`${attempt.endpoint === '' ? '' : 'mono'} dim ${c.path}`}
                title={attempt.endpoint || undefined}
              >
                {attempt.endpoint.replace(/^(unix|npipe):\/\//, '') || t('tried.unset')}
              </td>
              <td className={attempt.answered === '' ? 'dim' : ''} title={attempt.answered || undefined}>
                {word(attempt.answered)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
