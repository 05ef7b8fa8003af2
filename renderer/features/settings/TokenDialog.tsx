import { Button, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../ui/CodeBlock'
import { useReturnFocus } from '../../ui/useReturnFocus'
import sheet from '../../ui/Sheet.module.css'
import c from '../../ui/ConfirmDialog.module.css'

/** What Prometheus is given; the token stands in a file of its own, as in resources/monitoring/prometheus.yml. */
const configuration = () => `scrape_configs:
  - job_name: regie
    scheme: ${location.protocol.replace(':', '')}
    metrics_path: /metrics
    authorization:
      credentials_file: regie-metrics.token
    static_configs:
      - targets: ['${location.host}']`

/** The token, the only time that it is on screen, and where it goes. */
export default function TokenDialog({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common'])
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={t('monitoring.made')} size={620}>
      <div className={c.body}>
        <p className={sheet.text}>{t('monitoring.once')}</p>
        <CodeBlock name={t('monitoring.token')} copyLabel={t('monitoring.copyToken')}>
          {token}
        </CodeBlock>
        <p className={sheet.text}>{t('monitoring.configuration')}</p>
        <CodeBlock name="prometheus.yml" copyLabel={t('monitoring.copyConfiguration')}>
          {configuration()}
        </CodeBlock>
      </div>
      <footer className={c.foot}>
        <Button onClick={onClose} data-autofocus>
          {t('common:action.close')}
        </Button>
      </footer>
    </Modal>
  )
}
