import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFileImport, IconSchema } from '@tabler/icons-react'
import { Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Workflow } from '../../../../shared/contract'
import { Loaded } from '../../../api/Loaded'
import { useIsAdmin } from '../../../api/useSession'
import { Page } from '../../../ui/Page'
import { lazyPart } from '../../../ui/parts'
import { useHashRoute } from '../../../ui/route'
import { Empty } from '../../../ui/States'
import { useModeSwitch } from '../ModeSwitch'
import { openWorkflow } from './address'
import { api } from '../../../api/query'
import { ComingForm } from './ComingForm'
import { Manage } from './Manage'
import { lastWorkflow, rememberWorkflow } from './store'
import { WorkflowView } from './WorkflowView'

const ImportDialog = lazyPart(() => import('./import/ImportDialog'))

/** The workflow that is open: the address's, else the one that was looked at last, else the first. */
function useOpenWorkflow(list: readonly Workflow[] | undefined): Workflow | undefined {
  const asked = useHashRoute().query.get('workflow') ?? lastWorkflow()
  const open = list?.find(({ id }) => id === asked) ?? list?.[0]
  const id = open?.id
  useEffect(() => {
    if (id !== undefined) rememberWorkflow(id)
  }, [id])
  return open
}

/** Somebody's workflow as a form: its inputs, what it needs and where that is, its graph and its versions. */
export default function WorkflowMode() {
  const { t } = useTranslation(['workflow', 'studio'])
  const list = useQuery(api.workflows.list.queryOptions())
  const open = useOpenWorkflow(list.data)
  const isAdmin = useIsAdmin()
  const [isImporting, setImporting] = useState(false)
  const importIt = () => setImporting(true)
  return (
    <Page
      title={t('studio:title')}
      {...useModeSwitch('workflow')}
      actions={
        <>
          {open && <Manage workflow={open} />}
          {isAdmin && (
            <Button variant="default" leftSection={<IconFileImport size={16} stroke={1.6} />} onClick={importIt}>
              {t('import.open')}
            </Button>
          )}
        </>
      }
      narrow={{
        header: (
          <>
            {open && <Manage workflow={open} isNarrow />}
            {isAdmin && (
              <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('import.open')} onClick={importIt}>
                <IconFileImport size={20} stroke={1.6} />
              </ActionIcon>
            )}
          </>
        ),
      }}
    >
      <Loaded query={list} loading={<ComingForm />}>
        {(all) =>
          open ? (
            <WorkflowView key={open.id} workflow={open} all={all} onOpen={openWorkflow} />
          ) : (
            <NoWorkflow isAdmin={isAdmin} onImport={importIt} />
          )
        }
      </Loaded>
      <Suspense>{isImporting && <ImportDialog files={[]} onClose={() => setImporting(false)} />}</Suspense>
    </Page>
  )
}

function NoWorkflow({ isAdmin, onImport }: { isAdmin: boolean; onImport: () => void }) {
  const { t } = useTranslation('workflow')
  return (
    <Empty
      icon={IconSchema}
      title={t('empty.title')}
      action={isAdmin && <Button onClick={onImport}>{t('empty.action')}</Button>}
    >
      {t(isAdmin ? 'empty.text' : 'empty.forUser')}
    </Empty>
  )
}
