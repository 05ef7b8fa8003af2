import { Button, Modal, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Limits, User } from '../../../shared/contract'
import { api } from '../../api/query'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { Panel, PanelAction } from '../../ui/Panel'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { LimitMeters, UsePanel } from '../use/UsePanels'
import { useUse } from '../use/useUse'
import c from './People.module.css'
import { listPeopleAgain } from './usePeople'

/** What a number field holds: nothing means no limit. */
type Field = number | string

const toLimit = (field: Field, factor = 1): number | null =>
  typeof field === 'number' ? Math.round(field * factor) : null

function useUpdate(name: string, onDone: () => void) {
  const { t } = useTranslation('people')
  return useMutation(
    api.users.change.mutationOptions({
      onSuccess: () => {
        listPeopleAgain()
        showDone(t('limits.done', { name }))
        onDone()
      },
      meta: { quiet: true },
    }),
  )
}

/** Changes what somebody may use. Mount it while it is open. */
function LimitsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation(['people', 'common'])
  const { id, name, limits } = user
  const [atOnce, setAtOnce] = useState<Field>(limits.concurrentJobs ?? '')
  const [jobs, setJobs] = useState<Field>(limits.jobsPerDay ?? '')
  const [gpu, setGpu] = useState<Field>(limits.gpuSecondsPerDay === null ? '' : limits.gpuSecondsPerDay / 60)
  const update = useUpdate(name, onClose)
  useReturnFocus()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const next: Limits = {
      concurrentJobs: toLimit(atOnce),
      jobsPerDay: toLimit(jobs),
      gpuSecondsPerDay: toLimit(gpu, 60),
    }
    update.mutate({ id, limits: next })
  }
  const field = { min: 0, max: 1_000_000, allowNegative: false, placeholder: t('limits.none') }
  return (
    <Modal opened onClose={onClose} title={t('limits.editing.title', { name })} size={520}>
      <form className={c.dialog} onSubmit={send}>
        <p>{t('limits.editing.text')}</p>
        <div className={c.three}>
          <NumberInput
            {...field}
            allowDecimal={false}
            label={t('limits.editing.atOnce')}
            value={atOnce}
            onChange={setAtOnce}
            data-autofocus
          />
          <NumberInput
            {...field}
            allowDecimal={false}
            label={t('limits.editing.jobs')}
            value={jobs}
            onChange={setJobs}
          />
          <NumberInput {...field} label={t('limits.editing.gpu')} value={gpu} onChange={setGpu} />
        </div>
        <Failure error={update.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending}>
            {t('limits.editing.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** What somebody may use, and what they used. */
export function LimitsPanel({ user }: { user: User }) {
  const { t } = useTranslation('people')
  const [isEditing, setEditing] = useState(false)
  const use = useUse(user.id, false)
  return (
    <div className={c.pair}>
      <Panel
        title={t('limits.title')}
        action={
          <PanelAction onClick={() => setEditing(true)} label={t('limits.editing.title', { name: user.name })}>
            {t('limits.edit')}
          </PanelAction>
        }
      >
        <Loaded query={use}>{(now) => <LimitMeters now={now} />}</Loaded>
      </Panel>
      <UsePanel account={user.id} />
      {isEditing && <LimitsDialog user={user} onClose={() => setEditing(false)} />}
    </div>
  )
}
