import { Button } from '@mantine/core'
import { IconFlask2, IconStack2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { useAddSimulators } from './useSimulators'
import { Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'

/** No service yet: what will be here, and the simulators as the quickest way; `also` is another way beside it. */
export function NoServices({ also, className }: { also?: ReactNode; className?: string | undefined }) {
  const { t } = useTranslation('overview')
  const isAdmin = useIsAdmin()
  const simulators = useAddSimulators()
  return (
    <Panel {...(className !== undefined && { className })}>
      <Empty
        icon={IconStack2}
        title={t('empty.title')}
        {...(isAdmin && {
          action: (
            <>
              <Button
                variant="default"
                leftSection={<IconFlask2 size={16} stroke={1.6} />}
                onClick={simulators.add}
                loading={simulators.isBusy}
              >
                {t('empty.simulators')}
              </Button>
              {also}
            </>
          ),
        })}
      >
        {t('empty.text')}
      </Empty>
    </Panel>
  )
}
