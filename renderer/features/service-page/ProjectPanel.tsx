import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, ServiceProject } from '../../../shared/contract'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { isUnseen } from '../../../shared/service-state'
import { useServiceProject } from '../services/useServiceProject'
import type { ServiceActions } from '../services/useServiceActions'
import { hrefOf } from '../../ui/route'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { api } from '../../api/query'
import { projectStateOf, type ProjectState } from '../services/project'
import c from './ServiceDetail.module.css'

const marks: Record<ProjectState, StatusKey> = {
  running: 'proven',
  paused: 'paused',
  done: 'stopped',
  stopped: 'stopped',
}

/** The exit code in the engine's own words (`Exited (137) 2 hours ago`), as it stands there; else nothing. */
const exitCodeIn = (status: string): string => /^Exited( \(\d+\))/.exec(status)?.[1] ?? ''

function Line({ of }: { of: ServiceProject['services'][number] }) {
  const { t } = useTranslation('operations')
  const { containers, dependsOn } = of
  return (
    <span className={c.withIcon}>
      <StatusIcon of={marks[projectStateOf(of)]} size={14} />
      <span className={`${c.stack} ${c.wraps}`} title={containers.map(({ status }) => status).join(', ')}>
        {containers.length === 0
          ? t('project.none')
          : containers.map(({ state, status }) => t(`state.${state}`) + exitCodeIn(status)).join(', ')}
        {dependsOn.length > 0 && <span className="dim">{t('project.dependsOn', { names: dependsOn.join(', ') })}</span>}
      </span>
    </span>
  )
}

/** The other services of the Compose project: which run, which are left stopped, and a start of all. */
export function ProjectPanel({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation('operations')
  const { data: project } = useServiceProject(service)
  const all = useQuery(api.services.list.queryOptions()).data ?? []
  // One that stands alone has nothing to tell beside itself.
  if (!project || project.services.length + project.others.length < 2 || isUnseen(service)) return null
  const states = project.services.map(projectStateOf)
  const idle = states.filter((state) => state === 'stopped' || state === 'paused').length
  const done = states.filter((state) => state === 'done').length
  const isKnown = (id: string) => all.some((other) => other.id === id)
  return (
    <Panel
      title={t('project.title')}
      note={
        idle > 0
          ? t('project.stopped', { count: idle })
          : done > 0
            ? t('project.done', { count: done })
            : t('project.running')
      }
      action={
        idle + done > 0 &&
        service.operation === null && (
          <PanelAction onClick={actions.startProject} label={t('do.startProjectOf', { id: service.id })}>
            {t('do.startProject')}
          </PanelAction>
        )
      }
    >
      <Facts
        labelWidth={128}
        rows={[
          ...project.services.map((one): [string, ReactNode] => [
            one.name,
            one.serviceId !== null && one.serviceId !== service.id && isKnown(one.serviceId) ? (
              <a key={one.name} className={c.plainLink} href={hrefOf('services', one.serviceId)}>
                <Line of={one} />
              </a>
            ) : (
              <Line key={one.name} of={one} />
            ),
          ]),
          [
            t('project.leftBehind'),
            project.others.length > 0 ? project.others.map(({ name }) => name).join(', ') : null,
          ],
        ]}
      />
    </Panel>
  )
}
