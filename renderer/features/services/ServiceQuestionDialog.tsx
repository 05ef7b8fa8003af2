import { useTranslation } from 'react-i18next'
import type { Service, StartPlan } from '../../../shared/contract'
import { useGpus } from '../gpus/useGpus'
import { useServiceProject } from './useServiceProject'
import { currentLanguage } from '../../i18n'
import { formatMiB } from '../../i18n/format'
import ConfirmModal from '../../ui/ConfirmModal'
import { describeError } from '../../api/errors'
import { FitWarning } from './FitWarning'
import { attribute } from '../gpus/shares'
import { containersOf, runningOf } from './project'
import { projectMates } from './room'

export type Question =
  | { what: 'stop' | 'restart' | 'recreate' | 'rebuild' | 'stopProject' | 'down' | 'remove' }
  /** The GPU has less free than the service took last time. */
  | { what: 'start'; plan: StartPlan }

export interface ServiceQuestionProps {
  service: Service
  /** How many jobs it would cost. */
  jobs: number
  question: Question
  onAnswer: (question: Question) => void
  onClose: () => void
}

const listed = (ids: readonly string[]) => new Intl.ListFormat(currentLanguage()).format(ids)

/** The other services that end with the project. */
function Mates({ service }: { service: Service }) {
  const { t } = useTranslation('operations')
  const { data: project } = useServiceProject(service)
  const ids = project ? projectMates(service, project) : []
  return ids.length > 0 && <p>{t('confirm.down.mates', { ids: listed(ids), count: ids.length })}</p>
}

/** Which containers it costs, by their names, and which stay. */
function ProjectContainers({ service, what }: { service: Service; what: 'down' | 'stopProject' }) {
  const { t } = useTranslation('operations')
  const { data: project, error } = useServiceProject(service)
  if (error) return <p>{t('project.unknown', { why: describeError(error).message })}</p>
  if (!project) return <p className="dim">{t('project.loading')}</p>
  const names = what === 'down' ? containersOf(project) : runningOf(project)
  const others = project.others.map(({ name }) => name)
  return (
    <>
      <p>
        {names.length === 0
          ? t('project.nothing')
          : t(what === 'down' ? 'project.removes' : 'project.stops', { names: listed(names) })}
      </p>
      {what === 'down' && others.length > 0 && <p>{t('project.stays', { names: listed(others) })}</p>}
    </>
  )
}

/** Why a start may not find room, and who holds it. */
function ShortOfMemory({ plan: { gpu, tookLastTimeMiB } }: { plan: StartPlan }) {
  const { t } = useTranslation('operations')
  const { report } = useGpus()
  const live = report?.gpus.find(({ uuid }) => uuid === gpu?.uuid)
  const holders = (live ? attribute(live).shares : []).flatMap(({ serviceId, mib }) =>
    serviceId === null ? [] : [`${serviceId} (${formatMiB(mib)})`],
  )
  if (!gpu || gpu.freeMiB === null || tookLastTimeMiB === null) return null
  return (
    <>
      <p>
        {t('confirm.start.text', { took: formatMiB(tookLastTimeMiB), free: formatMiB(gpu.freeMiB), gpu: gpu.name })}
      </p>
      {holders.length > 0 && <p>{t('confirm.start.held', { who: listed(holders) })}</p>}
    </>
  )
}

/** Says what will happen, what it costs and what stays, before it is done. */
export default function ServiceQuestionDialog({ service, jobs, question, onAnswer, onClose }: ServiceQuestionProps) {
  const { t } = useTranslation(['services', 'operations'])
  const { id } = service
  const { what } = question
  const isNew = what !== 'stop' && what !== 'restart' && what !== 'remove'
  return (
    <ConfirmModal
      onClose={onClose}
      title={isNew ? t(`operations:confirm.${what}.title`, { id }) : t(`confirm.${what}.title`, { id })}
      confirm={isNew ? t(`operations:confirm.${what}.button`) : t(`confirm.${what}.button`)}
      dangerous={what === 'remove' || what === 'down'}
      onConfirm={() => onAnswer(question)}
    >
      {what === 'start' ? (
        <>
          <ShortOfMemory plan={question.plan} />
          <FitWarning serviceId={id} />
        </>
      ) : (
        <p>{isNew ? t(`operations:confirm.${what}.text`) : t(`confirm.${what}.text`, { id })}</p>
      )}
      {(what === 'down' || what === 'stopProject') && <ProjectContainers service={service} what={what} />}
      {(what === 'down' || what === 'stopProject') && <Mates service={service} />}
      {what === 'recreate' && service.container?.madeFrom && (
        <p>
          <b>{t('operations:confirm.recreate.leavesOut', { files: service.container.madeFrom.join(', ') })}</b>
        </p>
      )}
      {jobs > 0 && what !== 'start' && <p>{t('confirm.jobs', { count: jobs })}</p>}
    </ConfirmModal>
  )
}
