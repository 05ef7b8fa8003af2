import { useTranslation } from 'react-i18next'
import { Panel, PanelAction } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { useIsAdmin, useSession } from '../../api/useSession'
import c from '../../ui/Sheet.module.css'

/** Which passwords there are, in a line, and the way to their page. */
export function AccessPanel() {
  const { t } = useTranslation('access')
  const session = useSession().data
  if (!useIsAdmin() || !session) return null
  const { admin, user } = session.passwords
  const none = session.door === 'desktop' ? 'none' : 'noneHttp'
  const state = admin && user ? 'both' : admin ? 'admin' : user ? 'user' : none
  return (
    <Panel title={t('title')} action={<PanelAction href={hrefOf('settings', 'access')}>{t('open')}</PanelAction>}>
      <p className={c.text}>{t(`summary.${state}`)}</p>
    </Panel>
  )
}
