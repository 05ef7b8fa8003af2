import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../shared/contract'
import { api } from '../../api/query'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { describeReason } from '../../i18n'
import c from '../../ui/Sheet.module.css'

function State({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('docker')
  switch (engine.state) {
    case 'connected':
      return <StatusLabel of="ready" word={t('connected')} detail={engine.info?.version ?? ''} />
    case 'connecting':
      return <StatusLabel of="starting" word={t('connecting')} />
    case 'unreachable':
      return <StatusLabel of="absent" word={t('unreachable')} />
  }
}

/** Docker in a line, and the way to its page. */
export function DockerPanel() {
  const { t } = useTranslation('docker')
  const engine = useQuery(api.docker.engine.queryOptions()).data
  return (
    <Panel
      title={t('settings.title')}
      action={<PanelAction href={hrefOf('settings', 'docker')}>{t('settings.open')}</PanelAction>}
    >
      {engine && <State engine={engine} />}
      {engine?.reason && <p className={c.text}>{describeReason(engine.reason).message}</p>}
    </Panel>
  )
}
