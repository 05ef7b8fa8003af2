import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconKey, IconKeyOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, VaultStatus } from '../../../shared/contract'
import { api } from '../../api/query'
import { useNarrow } from '../../ui/narrow'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { findSecretsHref, hrefOf } from '../../ui/route'
import { useIsAdmin } from '../../api/useSession'
import { CreateDialog } from './CreateDialog'
import { CredentialDetail } from './CredentialDetail'
import { CredentialList } from './CredentialList'
import { ListActions, ListIcons } from './ListActions'
import c from './Credentials.module.css'
import { RotateAllButton } from './policy/RotateAllButton'
import { VaultDoor } from '../vault/VaultDoor'
import { needsYou } from './words'
import { Loaded } from '../../api/Loaded'

/** The credentials of the vault: where each stands, what was proven, and its rotation. */
export default function CredentialsPage({ id }: { id: string | undefined }) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const vault = useQuery(api.vault.status.queryOptions())
  const isOpen = vault.data?.state === 'open'
  const list = useQuery(api.credentials.list.queryOptions({ enabled: isOpen }))
  const [isAdding, setAdding] = useState(false)
  const isNarrow = useNarrow()
  const canAdd = isOpen && isAdmin
  const add = () => setAdding(true)
  const chosen = list.data?.find((one) => one.id === id)
  // Narrow, the list and the detail are two pages.
  if (isNarrow && chosen) return <CredentialDetail key={chosen.id} credential={chosen} />
  const hasMany = canAdd && list.data !== undefined && list.data.length > 0
  return (
    <Page
      title={t('title')}
      lead={isOpen && list.data && list.data.length > 0 && <Lead credentials={list.data} />}
      narrow={{
        header: hasMany && <ListIcons onAdd={add} />,
        foot: hasMany && <RotateAllButton credentials={list.data} />,
      }}
      actions={hasMany && <ListActions credentials={list.data} onAdd={add} />}
    >
      <Loaded query={vault} loading={<Loading rows={6} />}>
        {(status) =>
          status.state === 'open' ? (
            <Loaded query={list} loading={<Loading rows={6} />}>
              {(credentials) => (
                <Opened credentials={credentials} id={id} keeper={status.keeper} onAdd={canAdd ? add : undefined} />
              )}
            </Loaded>
          ) : (
            <VaultDoor vault={status} />
          )
        }
      </Loaded>
      {isAdding && <CreateDialog taken={(list.data ?? []).map((one) => one.id)} onClose={() => setAdding(false)} />}
    </Page>
  )
}

function Lead({ credentials }: { credentials: Credential[] }) {
  const { t } = useTranslation('credentials')
  const needing = credentials.filter(needsYou).length
  const rotating = credentials.filter(({ state }) => state === 'rotating').length
  const parts = [
    t('lead.count', { count: credentials.length }),
    ...(needing > 0 ? [t('lead.needYou', { count: needing })] : []),
    ...(rotating > 0 ? [t('lead.rotating', { count: rotating })] : []),
  ]
  return <>{parts.join(', ')}</>
}

interface OpenedProps {
  credentials: Credential[]
  id: string | undefined
  keeper: VaultStatus['keeper']
  onAdd: (() => void) | undefined
}

function Opened({ credentials, id, keeper, onAdd }: OpenedProps) {
  const { t } = useTranslation('credentials')
  const isNarrow = useNarrow()
  // Without a choice, the one that needs a person comes first; it stays when it is put right.
  const [first] = useState(() => (credentials.find(needsYou) ?? credentials[0])?.id)
  if (credentials.length === 0) {
    return (
      <Empty
        icon={IconKey}
        title={t('empty.title')}
        action={
          onAdd && (
            <>
              <Button onClick={onAdd}>{t('add')}</Button>
              <Button component="a" href={findSecretsHref} variant="default">
                {t('find')}
              </Button>
            </>
          )
        }
      >
        {t('empty.text')}
      </Empty>
    )
  }
  if (isNarrow && id === undefined) {
    return <CredentialList credentials={credentials} selected={undefined} keeper={keeper} />
  }
  const byId = (wanted: string | undefined) => credentials.find((one) => one.id === wanted)
  const selected = id === undefined ? (byId(first) ?? credentials[0]) : byId(id)
  return (
    <div className={c.split}>
      {!isNarrow && <CredentialList credentials={credentials} selected={selected?.id} keeper={keeper} />}
      {selected ? (
        <CredentialDetail key={selected.id} credential={selected} />
      ) : (
        <Empty
          icon={IconKeyOff}
          title={t('gone.title')}
          action={
            <Button component="a" href={hrefOf('credentials')} variant="default">
              {t('gone.back')}
            </Button>
          }
        >
          {t('gone.text', { id })}
        </Empty>
      )}
    </div>
  )
}
