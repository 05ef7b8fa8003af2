import { skipToken, useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/query'
import { useSeesAll } from '../api/useSession'
import { lazyPart } from '../ui/parts'
import { hrefOf } from '../ui/route'
import c from './Shell.module.css'

const UpdateActivity = lazyPart(() => import('../features/updates/UpdateActivity'))

/** What takes long leaves a card at the foot of the rail, which leads back to it: a rotation, an update. */
export function Activity() {
  const updates = useQuery({ ...api.updates.list.queryOptions(), enabled: useSeesAll() }).data
  return (
    <>
      <RotationActivity />
      <Suspense>
        {updates
          ?.filter(({ state }) => state === 'running' || state === 'rolling-back')
          .map((update) => (
            <UpdateActivity key={update.id} update={update} classes={c} />
          ))}
      </Suspense>
    </>
  )
}

function RotationActivity() {
  const { t } = useTranslation()
  const credentials = useQuery({ ...api.credentials.list.queryOptions(), enabled: useSeesAll() }).data
  const rotating = credentials?.find(({ state }) => state === 'rotating')
  const rotation = useQuery(
    api.credentials.rotation.queryOptions({ input: rotating ? { id: rotating.id } : skipToken }),
  ).data
  if (!rotating || rotation?.state !== 'running') return null
  const done = rotation.steps.filter(({ state }) => state === 'done').length
  const total = rotation.steps.filter(({ id }) => id !== 'roll-back').length
  return (
    <a className={c.activity} href={hrefOf('credentials', rotating.id)}>
      <span className={c.activityTitle}>{t('activity.rotating', { id: rotating.id })}</span>
      <span className={c.activityStep}>{t('activity.step', { step: Math.min(done + 1, total), total })}</span>
      <span className={c.activityTrack} data-tells>
        <span style={{ width: `${(done / Math.max(total, 1)) * 100}%` }} />
      </span>
    </a>
  )
}
