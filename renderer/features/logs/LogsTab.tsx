import { useTranslation } from 'react-i18next'
import { mostLogLines, type Service } from '../../../shared/contract'
import { LogPane } from './LogPane'

/** All that the service wrote, as far as its container still holds it. */
export default function LogsTab({ service }: { service: Service }) {
  const { t } = useTranslation('logs')
  return <LogPane services={[service.id]} tail={mostLogLines} title={t('title')} />
}
