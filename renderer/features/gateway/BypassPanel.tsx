import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EngineStatus, GatewayService, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Facts, Panel } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { CopyIcon } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import ClosePort from './ClosePort'
import c from './Gateway.module.css'

/** How the machine tells who is connected to a port. */
const whoIsAt: Record<EngineStatus['platform'], (port: string) => string> = {
  linux: (port) => `ss -tnp 'sport = :${port}'`,
  macos: (port) => `lsof -nP -iTCP:${port} -sTCP:ESTABLISHED`,
  windows: (port) => `Get-NetTCPConnection -LocalPort ${port} -State Established`,
}

const portOf = (url: string): string => {
  const { port, protocol } = new URL(url)
  return port || (protocol === 'https:' ? '443' : '80')
}

interface BypassPanelProps {
  service: Service
  bypass: NonNullable<GatewayService['bypass']>
}

/** That somebody goes around the gateway: what is known of that, how to find out who, and the way out. */
export function BypassPanel({ service, bypass: { jobs, at } }: BypassPanelProps) {
  const { t } = useTranslation('gateway')
  const platform = useQuery(api.docker.engine.queryOptions()).data?.platform
  const port = portOf(service.url)
  const command = platform && whoIsAt[platform](port)
  return (
    <Panel
      className={c.around}
      title={
        <span className={c.fact}>
          <StatusIcon of="warning" size={16} /> {t('bypass.title')}
        </span>
      }
    >
      <p className={c.aroundText}>{t('bypass.text', { count: jobs })}</p>
      <div className={c.whole}>
        <Facts
          labelWidth={72}
          rows={[
            [t('bypass.seen'), <Ago key="at" at={at} />],
            [t('bypass.port'), <span key="port" className="mono">{`${port} (${service.url})`}</span>],
            [t('bypass.who'), t('bypass.unknown')],
          ]}
        />
      </div>
      <p className={c.note}>{t('bypass.find')}</p>
      {command && (
        <div className={c.command}>
          <code className="mono">{command}</code>
          <CopyIcon value={command} label={t('bypass.copy')} />
        </div>
      )}
      <div className={c.buttons}>
        <ClosePort service={service} />
        <Button variant="default" component="a" href={hrefOf('services', service.id, 'exposure')}>
          {t('bypass.exposure')}
        </Button>
      </div>
    </Panel>
  )
}
