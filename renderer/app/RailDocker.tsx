import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../shared/contract'
import { api } from '../api/query'
import { useSeesAll } from '../api/useSession'
import { hrefOf } from '../ui/route'
import { describeReason } from '../i18n'
import { StatusIcon, type StatusKey } from '../ui/Status'
import c from './Shell.module.css'
import { Tooltip } from '../ui/Tooltip'

/** Without a service that needs it, a Docker that is not there is nobody's trouble. */
function iconOf(engine: EngineStatus, isNeeded: boolean): StatusKey {
  switch (engine.state) {
    case 'connected':
      return 'ready'
    case 'connecting':
      return 'starting'
    case 'unreachable':
      return isNeeded ? 'unhealthy' : 'absent'
  }
}

/** Whether Docker's engine answers, and its version; null until that is known. */
export function useDockerLine() {
  const { t } = useTranslation()
  const engine = useQuery({ ...api.docker.engine.queryOptions(), enabled: useSeesAll() }).data
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  if (!engine) return null
  const isNeeded = services.some(({ runtime }) => runtime === 'compose')
  return {
    icon: iconOf(engine, isNeeded),
    note: engine.state === 'connected' ? (engine.info?.version ?? '') : t(`docker.${engine.state}`),
    tip: engine.reason ? describeReason(engine.reason).message : engine.info?.operatingSystem,
  }
}

/** Docker's line at the foot of the rail. */
export function RailDocker() {
  const { t } = useTranslation()
  const line = useDockerLine()
  if (!line) return null
  const { icon, note, tip } = line
  return (
    <Tooltip label={tip} disabled={!tip} multiline maw={320}>
      <a className={c.state} href={hrefOf('settings', 'docker')} aria-label={`${t('docker.name')}: ${note}`}>
        <StatusIcon of={icon} size={14} />
        <span>{t('docker.name')}</span>
        <span className={c.stateNote}>{note}</span>
      </a>
    </Tooltip>
  )
}
