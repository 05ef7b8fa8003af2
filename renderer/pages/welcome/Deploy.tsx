import { useTranslation } from 'react-i18next'
import { Command } from '../../components/States'
import { StatusLabel } from '../../components/Status'
import c from './Welcome.module.css'

/** What will come with Docker, and what can be done today. */
export function Deploy() {
  const { t } = useTranslation('welcome')
  return (
    <>
      <StatusLabel of="waiting" word={t('deploy.notYet')} />
      <ol className={c.ways}>
        <li>
          <span>{t('deploy.way.up')}</span>
          <Command>docker compose up -d</Command>
        </li>
        <li>
          <span>{t('deploy.way.connect')}</span>
        </li>
      </ol>
      <p className={c.note}>{t('deploy.note')}</p>
    </>
  )
}
