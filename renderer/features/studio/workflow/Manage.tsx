import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconDots, IconPencil, IconShare2, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WorkflowName, type Workflow } from '../../../../shared/contract'
import { useIsAdmin } from '../../../api/useSession'
import { MenuButton } from '../../../ui/MenuButton'
import type { MenuEntry } from '../../../ui/menu-entry'
import { saveFile } from '../../../ui/save-file'
import { showDone } from '../../../ui/toast'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import { openWorkflow } from './address'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { useTakeIn } from './useTakeIn'
import c from './Workflow.module.css'

/** What can be done with a workflow as a whole: export, and for administrators rename and remove. */
export function Manage({ workflow, isNarrow = false }: { workflow: Workflow; isNarrow?: boolean }) {
  const { t } = useTranslation('workflow')
  const isAdmin = useIsAdmin()
  const [isRenaming, setRenaming] = useState(false)
  const save = useMutation({
    mutationFn: (as: 'file' | 'api') => client.workflows.export({ id: workflow.id, as }),
    onSuccess: ({ body }) => saveFile(body),
  })
  const remove = useRemove(workflow)
  const exports: MenuEntry[] = [
    { type: 'act', key: 'file', label: t('export.file'), onClick: () => save.mutate('file') },
    { type: 'act', key: 'api', label: t('export.api'), onClick: () => save.mutate('api') },
  ]
  const changes: MenuEntry[] = [
    { type: 'act', key: 'rename', label: t('rename.open'), icon: IconPencil, onClick: () => setRenaming(true) },
    { type: 'act', key: 'remove', label: t('remove.act'), icon: IconTrash, onClick: remove, isBad: true },
  ]
  const more = t('more', { name: workflow.name })
  const look = { variant: 'subtle', color: 'gray', size: isNarrow ? 40 : 32 } as const
  return (
    <>
      {!isNarrow && (
        <MenuButton entries={() => exports}>
          <Button variant="default" leftSection={<IconShare2 size={16} stroke={1.6} />} loading={save.isPending}>
            {t('export.open')}
          </Button>
        </MenuButton>
      )}
      {(isAdmin || isNarrow) && (
        <MenuButton
          entries={() => [
            ...(isNarrow ? exports : []),
            ...(isNarrow && isAdmin ? [{ type: 'divider', key: 'parts' } as const] : []),
            ...(isAdmin ? changes : []),
          ]}
        >
          <ActionIcon {...look} aria-label={more}>
            <IconDots size={isNarrow ? 20 : 17} stroke={1.6} />
          </ActionIcon>
        </MenuButton>
      )}
      {isRenaming && <RenameDialog workflow={workflow} onClose={() => setRenaming(false)} />}
    </>
  )
}

/** Removes a workflow, with the way back. By the time of each answer another one may be open. */
function useRemove({ id, name }: Workflow) {
  const { t } = useTranslation('workflow')
  const cache = useQueryClient()
  const again = () => cache.invalidateQueries({ queryKey: api.workflows.list.key() })
  const undo = useMutation(
    api.workflows.undoRemove.mutationOptions({
      onSuccess: async (restored) => {
        await again()
        openWorkflow(restored.id)
      },
    }),
  )
  const remove = useMutation({
    mutationFn: (removed: Pick<Workflow, 'id' | 'name'>) => client.workflows.remove({ id: removed.id }),
    onSuccess: async (_, removed) => {
      await again()
      openWorkflow()
      showDone(t('remove.done', { name: removed.name }), {
        message: t('remove.kept'),
        undo: () => undo.mutate({ id: removed.id }),
      })
    },
  })
  return () => remove.mutate({ id, name })
}

function RenameDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { t } = useTranslation(['workflow', 'common'])
  useReturnFocus()
  const takeIn = useTakeIn()
  const [name, setName] = useState(workflow.name)
  const change = useMutation(
    api.workflows.change.mutationOptions({
      onSuccess: (detail) => {
        takeIn(detail)
        onClose()
      },
    }),
  )
  const isWrong = !WorkflowName.safeParse(name).success
  return (
    <Modal opened onClose={onClose} title={t('rename.title')} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!isWrong) change.mutate({ id: workflow.id, name })
        }}
      >
        <TextInput
          data-autofocus
          label={t('rename.name')}
          value={name}
          maxLength={120}
          error={isWrong && t('rename.wrong')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={isWrong} loading={change.isPending}>
            {t('rename.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
