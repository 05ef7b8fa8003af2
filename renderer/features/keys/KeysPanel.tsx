import { Button } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { showDone } from '../../ui/toast'
import { useNow } from '../../ui/useNow'
import { NewKeyDialog } from './NewKeyDialog'
import { RotateKeyDialog } from './RotateKeyDialog'
import { KeyList } from './KeyList'
import { KeyLimitsDialog } from './LimitsDialog'
import { KeyMade } from './KeyMade'
import { LastUse } from './LastUse'
import type { KeyOwner } from './owner'
import { endsSoon, keyRows, type KeyRow } from './rows'
import { listKeysAgain, useKeys } from './useKeys'

function Note({ rows }: { rows: readonly KeyRow[] }) {
  const { t } = useTranslation('keys')
  const now = useNow(60_000)
  const rotating = rows.filter(({ old }) => old !== null).length
  const ending = rows.filter(({ key }) => endsSoon(key, now)).length
  return [
    ...(rotating > 0 ? [t('note.rotating', { count: rotating })] : []),
    ...(ending > 0 ? [t('note.ending', { count: ending })] : []),
  ].join(', ')
}

/** Asks before a key ends, and says who is refused from then on. */
function EndKey({ of, onClose }: { of: Key; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const end = useMutation(
    api.keys.end.mutationOptions({
      onSuccess: () => showDone(t('end.done', { name: of.name })),
      onSettled: () => {
        onClose()
        void listKeysAgain()
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t(of.state === 'grace' ? 'end.titleOld' : 'end.title', { name: of.name })}
      confirm={t('end.confirm')}
      onConfirm={() => end.mutate({ id: of.id })}
      busy={end.isPending}
      dangerous
    >
      <LastUse of={of.lastUsed} />
      <p>{t('end.text')}</p>
    </ConfirmDialog>
  )
}

type Open = { type: 'rotate' | 'limit' | 'end'; key: Key } | { type: 'made'; key: Key; secret: string } | null

interface KeysPanelProps {
  owner: KeyOwner
  title: string
  /** Whether the dialog that makes one is open. */
  isAdding: boolean
  onAdding: (isAdding: boolean) => void
}

/** The keys of one person, and what is done with them. Key it by the account. */
export function KeysPanel({ owner, title, isAdding, onAdding }: KeysPanelProps) {
  const { t } = useTranslation('keys')
  const keys = useKeys(owner)
  const [open, setOpen] = useState<Open>(null)
  const rows = keyRows(keys.data ?? [])
  const close = () => setOpen(null)
  const made = (key: Key, secret: string) => {
    onAdding(false)
    setOpen({ type: 'made', key, secret })
    void listKeysAgain()
  }
  return (
    <Panel title={title} note={<Note rows={rows} />} flush>
      <Loaded query={keys}>
        {() =>
          rows.length === 0 ? (
            <Empty
              icon={IconKey}
              title={t('none.title')}
              action={
                <Button variant="light" leftSection={<IconPlus size={15} />} onClick={() => onAdding(true)}>
                  {t('add')}
                </Button>
              }
            >
              {owner.isMe ? t('none.mine') : t('none.text', { name: owner.name })}
            </Empty>
          ) : (
            <KeyList
              rows={rows}
              label={owner.isMe ? title : t('label', { name: owner.name })}
              acts={{
                onRotate: (key) => setOpen({ type: 'rotate', key }),
                onLimit: (key) => setOpen({ type: 'limit', key }),
                onEnd: (key) => setOpen({ type: 'end', key }),
              }}
            />
          )
        }
      </Loaded>
      {isAdding && (
        <NewKeyDialog
          owner={owner}
          taken={rows.map(({ key }) => key.name)}
          onClose={() => onAdding(false)}
          onMade={made}
        />
      )}
      {open?.type === 'rotate' && <RotateKeyDialog of={open.key} onClose={close} onMade={made} />}
      {open?.type === 'limit' && <KeyLimitsDialog of={open.key} onClose={close} />}
      {open?.type === 'end' && <EndKey of={open.key} onClose={close} />}
      {open?.type === 'made' && <KeyMade made={open.key} secret={open.secret} owner={owner} onClose={close} />}
    </Panel>
  )
}
