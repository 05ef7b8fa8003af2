import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/contract'
import { api } from '../../api/query'
import { Loaded } from '../../api/Loaded'
import { Panel, PanelAction } from '../../ui/Panel'
import { showDone } from '../../ui/toast'
import { LimitsDialog } from '../keys/LimitsDialog'
import { LimitMeters, UsePanel } from '../use/UsePanels'
import { useUse } from '../use/useUse'
import c from './People.module.css'
import { listPeopleAgain } from './usePeople'

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
function PersonLimitsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('people')
  const { id, name, limits } = user
  const update = useUpdate(name, onClose)
  return (
    <LimitsDialog
      title={t('limits.editing.title', { name })}
      text={t('limits.editing.text')}
      of={limits}
      onSave={(next) => update.mutate({ id, limits: next })}
      isBusy={update.isPending}
      error={update.error}
      onClose={onClose}
    />
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
      {isEditing && <PersonLimitsDialog user={user} onClose={() => setEditing(false)} />}
    </div>
  )
}
