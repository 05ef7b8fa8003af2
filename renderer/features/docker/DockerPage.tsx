import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../shared/contract'
import { Age } from '../../ui/Ago'
import { AddressButton } from './AddressButton'
import c from './Docker.module.css'
import { RoomPanel } from './room/RoomPanel'
import { Tried } from './Tried'
import Unreachable, { TryNow } from './Unreachable'
import { Page } from '../../ui/Page'
import { Facts, Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { StatusLabel } from '../../ui/Status'
import { useSteadyEngine } from './useEngine'
import { hrefOf } from '../../ui/route'

/** The engine that answers, and how it is reached. */
function Connected({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('docker')
  const { info, compose, attempts } = engine
  const nvidia = info?.nvidiaRuntime ?? null
  return (
    <>
      <Panel title={t('engine.title')}>
        <Facts
          labelWidth={148}
          rows={[
            [
              t('engine.state'),
              engine.state === 'connected' ? (
                <StatusLabel key="state" of="ready" word={t('connected')} detail={<Age since={engine.since} />} />
              ) : (
                <StatusLabel key="state" of="starting" word={t('connecting')} />
              ),
            ],
            [t('engine.version'), info && `${info.version} (API ${info.apiVersion})`],
            [t('engine.kind'), info && t(`engine.kinds.${info.kind}`)],
            [t('engine.system'), info?.operatingSystem ?? null],
            [
              t('engine.compose'),
              compose === null
                ? t('engine.noCompose')
                : `${t(`engine.programs.${compose.program}`)} ${compose.version}`,
            ],
            [
              t('engine.nvidia'),
              info && (nvidia === null ? t('engine.cdi') : nvidia ? t('engine.yes') : t('engine.no')),
            ],
            [t('engine.cgroup'), info?.cgroupDriver ?? null],
            [t('engine.address'), engine.address ?? t('engine.rules')],
          ]}
        />
        <div className={c.connected}>
          <AddressButton engine={engine} />
          <TryNow engine={engine} />
        </div>
      </Panel>
      {engine.state === 'connected' && <RoomPanel />}
      {attempts.length > 0 && <Tried engine={engine} />}
    </>
  )
}

export default function DockerPage() {
  const { t } = useTranslation(['docker', 'common'])
  const engine = useSteadyEngine()
  return (
    <Page title={t('title')} parent={{ label: t('common:nav.settings'), href: hrefOf('settings') }} lead={t('lead')}>
      <div className={c.page}>
        <Loaded query={engine}>
          {(data) => (data.state === 'unreachable' ? <Unreachable engine={data} /> : <Connected engine={data} />)}
        </Loaded>
      </div>
    </Page>
  )
}
