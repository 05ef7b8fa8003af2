import { Button, Kbd } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUp } from '../../../../shared/service-state'
import { Failure } from '../../../api/Failure'
import { formatList } from '../../../i18n/format'
import ConfirmModal from '../../../ui/ConfirmModal'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { StatusIcon } from '../../../ui/Status'
import { useRecentGenerations } from '../../gallery/useRecentGenerations'
import { isManaged, jobsOf } from '../state'
import { restartFields, stoppedFields } from './edit-form'
import type { Editing } from './useEditing'
import c from './Edit.module.css'

/** Jobs that a restart would lose, as people know them. */
function useJobs({ live }: Editing) {
  const generations = useRecentGenerations()
  const open = generations.filter(
    ({ serviceId, state }) => serviceId === live.id && (state === 'running' || state === 'queued'),
  )
  return { count: jobsOf(live, generations), prompts: open.map(({ params }) => params.prompt) }
}

function Counts({ editing, jobs }: { editing: Editing; jobs: number }) {
  const { t } = useTranslation('edit')
  const { problems, issues, isChecked, changes, changed, demand, live, formRef, isNew } = editing
  const concerned = [...restartFields(live), ...stoppedFields(live)]
  const restarts = changed.filter((field) => concerned.includes(field)).length
  const showFirst = () => {
    if (formRef.current) focusFirstInvalid(formRef.current)
  }
  const told = isChecked ? problems : issues.filter(({ field }) => changed.includes(field)).length
  return (
    <div className={c.footText} role="status">
      <span className={c.problem}>
        {told > 0 && (
          <>
            <StatusIcon of="failed" size={15} />
            <button type="button" className={c.link} onClick={showFirst}>
              {t('foot.problems', { count: told })}
            </button>
          </>
        )}
        {!isNew && <span>{t('foot.changes', { count: changes })}</span>}
      </span>
      <span className="dim">
        {demand !== 'nothing' && `${t(`foot.${demand}`, { count: restarts })} `}
        {isUp(live) && !isNew && (jobs === 0 ? t('foot.idle') : t('foot.jobs', { count: jobs }))}
      </span>
    </div>
  )
}

/** How much is changed and wrong, what it needs, and the ways out. */
export function Foot({ editing }: { editing: Editing }) {
  const { t } = useTranslation(['edit', 'services'])
  const { isSaving, isDirty, isNew, save, discard, error, live, demand } = editing
  const [asks, setAsks] = useState(false)
  const jobs = useJobs(editing)
  const canRestart = !isNew && isManaged(live) && isUp(live)
  const restart = () => (jobs.count > 0 ? setAsks(true) : void save('restart'))
  return (
    <footer className={c.foot}>
      <Failure error={error} />
      <Counts editing={editing} jobs={jobs.count} />
      {!isNew && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
          onClick={discard}
          disabled={!isDirty || isSaving}
        >
          {t('foot.discard')}
        </Button>
      )}
      {canRestart && (
        <Button variant="default" onClick={restart} disabled={!isDirty || isSaving}>
          {t(jobs.count > 0 ? 'foot.saveAndRestartAsks' : 'foot.saveAndRestart')}
        </Button>
      )}
      <Button
        type="submit"
        loading={isSaving}
        disabled={!isDirty || demand === 'stop'}
        rightSection={<Kbd className={c.kbd ?? ''}>{t('foot.keys')}</Kbd>}
      >
        {t(isNew ? 'foot.add' : 'foot.save')}
      </Button>
      {asks && (
        <ConfirmModal
          onClose={() => setAsks(false)}
          title={t('services:confirm.restart.title', { id: live.id })}
          confirm={t('foot.saveAndRestart')}
          onConfirm={() => {
            setAsks(false)
            void save('restart')
          }}
        >
          <p>{t('services:confirm.jobs', { count: jobs.count })}</p>
          {jobs.prompts.length > 0 && <p>{formatList(jobs.prompts.slice(0, 5).map((prompt) => `“${prompt}”`))}</p>}
        </ConfirmModal>
      )}
    </footer>
  )
}
