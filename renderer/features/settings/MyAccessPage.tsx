import { useTranslation } from 'react-i18next'
import { usePreferences } from '../../api/usePreferences'
import { Loaded } from '../../api/Loaded'
import { Page } from '../../ui/Page'
import c from '../../ui/Sheet.module.css'
import { Appearance } from './Appearance'
import { SessionPanel } from './SessionPanel'

/** What is a person's own: as whom they are here, and how the panel looks to them. */
export default function MyAccessPage() {
  const { t } = useTranslation('common')
  const preferences = usePreferences()
  return (
    <Page title={t('nav.me')}>
      <div className={c.page}>
        <div className={c.column}>
          <SessionPanel />
        </div>
        <div className={c.column}>
          <Loaded query={preferences}>{(data) => <Appearance preferences={data} />}</Loaded>
        </div>
      </div>
    </Page>
  )
}
