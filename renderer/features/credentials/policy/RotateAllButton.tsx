import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconRotate } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { lazyPart } from '../../../ui/parts'

const RotateAllDialog = lazyPart(() => import('./RotateAllDialog'))

/** Rotates several credentials; while that goes on, how far it has got. */
export function RotateAllButton({ credentials }: { credentials: Credential[] }) {
  const { t } = useTranslation('policy')
  const [isOpen, setOpen] = useState(false)
  const round = useQuery(api.credentials.rotationRound.queryOptions()).data ?? null
  const isRunning = round !== null && round.state !== 'ended'
  const ended = round?.items.filter(({ state }) => !['waiting', 'waiting-idle', 'running'].includes(state)).length ?? 0
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRotate size={16} stroke={1.6} className={isRunning ? 'turning' : undefined} />}
        onClick={() => setOpen(true)}
      >
        {isRunning
          ? t('all.progress', { done: Math.min(ended + 1, round.items.length), of: round.items.length })
          : t('all.button')}
      </Button>
      {isOpen && (
        <Suspense>
          <RotateAllDialog credentials={credentials} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
