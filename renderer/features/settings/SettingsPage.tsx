import { Button } from '@mantine/core'
import { IconBook2, IconFolderOpen, IconHelp } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { About } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Page } from '../../ui/Page'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { hrefOf, navigate } from '../../ui/route'
import { useIsAdmin, useSession } from '../../api/useSession'
import { useChangePreferences, usePreferences } from '../../api/usePreferences'
import { useAddSimulators } from '../services/useSimulators'
import { describeReason } from '../../i18n'
import c from '../../ui/Sheet.module.css'
import own from './Settings.module.css'
import { Appearance } from './Appearance'
import { Index } from './Index'
import { MonitoringPanel } from './MonitoringPanel'
import { ReleasesPanel } from './ReleasesPanel'
import { SessionPanel } from './SessionPanel'
import { SupportButton } from './SupportButton'
import { useSettingsTable, type SectionId } from './table'
import { useInView } from './useInView'
import { AccessPanel } from '../access/AccessPanel'
import { DockerPanel } from '../docker/DockerPanel'
import { GpuProgramPanel } from '../gpus/GpuProgramPanel'
import { VaultPanel } from '../vault/VaultPanel'
import { Loaded } from '../../api/Loaded'
import { RuntimeTag } from '../services/RuntimeTag'
import { statusOf } from '../services/state'

function Simulators() {
  const { t } = useTranslation('settings')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const simulators = useAddSimulators()
  const simulated = services.filter(({ runtime }) => runtime === 'simulator')
  const isAdmin = useIsAdmin()
  return (
    <Panel title={t('simulators.title')}>
      <p className={c.text}>{t('simulators.text')}</p>
      {simulated.length > 0 && (
        <ul className={c.list}>
          {simulated.map((service) => (
            <li key={service.id}>
              <a href={hrefOf('services', service.id)}>{serviceName(service)}</a>
              <RuntimeTag runtime={service.runtime} />
              <StatusLabel of={statusOf(service)} />
            </li>
          ))}
        </ul>
      )}
      {simulated.length < 2 && isAdmin && (
        <Button variant="default" onClick={simulators.add} loading={simulators.isBusy}>
          {t('simulators.add')}
        </Button>
      )}
    </Panel>
  )
}

function DataFolder({ about }: { about: About }) {
  const { t } = useTranslation('settings')
  const session = useSession().data
  const open = useMutation(api.system.openDataFolder.mutationOptions())
  return (
    <Panel title={t('data.title')}>
      <p className={c.text}>{t('data.text')}</p>
      <div className={c.path}>
        <code className="mono" title={about.dataFolder}>
          {about.dataFolder}
        </code>
        <CopyIcon value={about.dataFolder} label={t('data.copy')} />
      </div>
      {session?.door === 'desktop' && (
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={16} stroke={1.6} />}
          onClick={() => open.mutate(undefined)}
        >
          {t('data.open')}
        </Button>
      )}
    </Panel>
  )
}

function Notices({ about }: { about: About }) {
  const { t } = useTranslation('settings')
  if (about.notices.length === 0) return null
  return (
    <Panel title={t('notices.title')}>
      <ul className={own.notices}>
        {about.notices.map((notice) => {
          const { message, hint } = describeReason(notice)
          return (
            <li key={`${notice.problem} ${message}`}>
              <StatusIcon of="notice" size={18} />
              <span>
                <b>{message}</b>
                <span>{hint}</span>
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

function AboutPanel({ about }: { about: About }) {
  const { t } = useTranslation('settings')
  return (
    <Panel title={t('about.title')}>
      <Facts
        labelWidth={120}
        rows={[
          ['Regie', about.version],
          [t('about.commit'), about.commit],
          [t('about.platform'), about.platform],
          ['Node', about.nodeVersion],
          ['Electron', about.electronVersion],
          [t('about.started'), <Ago key="started" at={about.startedAt} />],
        ]}
      />
      <div className={c.buttons}>
        <Button
          variant="default"
          component="a"
          href="/docs"
          target="_blank"
          rel="noreferrer"
          leftSection={<IconHelp size={16} stroke={1.6} />}
        >
          {t('about.docs')}
        </Button>
        <Button
          variant="default"
          component="a"
          href="/api/v1/docs"
          target="_blank"
          rel="noreferrer"
          leftSection={<IconBook2 size={16} stroke={1.6} />}
        >
          {t('about.api')}
        </Button>
        <SupportButton />
      </div>
    </Panel>
  )
}

function WelcomeAgain() {
  const { t } = useTranslation('settings')
  const change = useChangePreferences()
  const show = () => change.mutate({ welcomed: false }, { onSuccess: () => navigate('overview') })
  return (
    <Panel title={t('welcome.title')}>
      <p className={c.text}>{t('welcome.text')}</p>
      <Button variant="default" onClick={show} loading={change.isPending}>
        {t('welcome.show')}
      </Button>
    </Panel>
  )
}

function AuditPanel() {
  const { t } = useTranslation('audit')
  if (!useIsAdmin()) return null
  return (
    <Panel title={t('title')} action={<PanelAction href={hrefOf('settings', 'audit')}>{t('open')}</PanelAction>}>
      <p className={c.text}>{t('text')}</p>
    </Panel>
  )
}

function BackupsPanel() {
  const { t } = useTranslation('backups')
  if (!useIsAdmin()) return null
  return (
    <Panel title={t('title')} action={<PanelAction href={hrefOf('settings', 'backups')}>{t('open')}</PanelAction>}>
      <p className={c.text}>{t('text')}</p>
    </Panel>
  )
}

function AlertsPanel() {
  const { t } = useTranslation('alerts')
  if (!useIsAdmin()) return null
  return (
    <Panel title={t('title')} action={<PanelAction href={hrefOf('settings', 'alerts')}>{t('open')}</PanelAction>}>
      <p className={c.text}>{t('text')}</p>
    </Panel>
  )
}

export default function SettingsPage({ section }: { section: string | null }) {
  const { t } = useTranslation('common')
  const preferences = usePreferences()
  const about = useQuery(api.system.about.queryOptions())
  const sections = useSettingsTable()
  const { root, current, show } = useInView(section)
  const panels: Record<SectionId, ReactNode> = {
    access: <AccessPanel />,
    session: <SessionPanel />,
    vault: <VaultPanel />,
    backups: <BackupsPanel />,
    alerts: <AlertsPanel />,
    monitoring: <MonitoringPanel />,
    audit: <AuditPanel />,
    appearance: <Loaded query={preferences}>{(data) => <Appearance preferences={data} />}</Loaded>,
    docker: <DockerPanel />,
    gpus: <GpuProgramPanel />,
    simulators: <Simulators />,
    welcome: <WelcomeAgain />,
    data: <Loaded query={about}>{(data) => <DataFolder about={data} />}</Loaded>,
    releases: <ReleasesPanel />,
    about: about.data && <AboutPanel about={about.data} />,
  }
  return (
    <Page title={t('nav.settings')}>
      <div className={own.settings}>
        <Index sections={sections} current={current} onShow={show} />
        <div className={own.content} ref={root}>
          {about.data && <Notices about={about.data} />}
          {sections.map(({ id }) => (
            <div key={id} className={own.section} data-section={id} tabIndex={-1}>
              {panels[id]}
            </div>
          ))}
        </div>
      </div>
    </Page>
  )
}
