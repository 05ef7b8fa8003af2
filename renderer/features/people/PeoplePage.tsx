import { Button } from '@mantine/core'
import { IconUserOff, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { useSession } from '../../api/useSession'
import { useNarrow } from '../../ui/narrow'
import { Page } from '../../ui/Page'
import { usePageKeys } from '../../ui/page-keys'
import { hrefOf } from '../../ui/route'
import { PeopleTabs } from '../usage/PeopleTabs'
import { Empty, Loading } from '../../ui/States'
import { foundLines, personLines, type PeopleFilter, type PersonLine } from './lines'
import { PeopleList } from './PeopleList'
import { InviteDialog } from './InviteDialog'
import c from './People.module.css'
import { PersonDetail } from './PersonDetail'
import { useUsedToday } from './useUsedToday'

function Lead({ lines }: { lines: readonly PersonLine[] }) {
  const { t } = useTranslation('people')
  const keys = lines.reduce((sum, line) => sum + line.keys, 0)
  return [t('lead.accounts', { count: lines.length }), t('lead.keys', { count: keys })].join(', ')
}

/** Only oneself is here yet: what inviting others is for. */
function NobodyElse({ onInvite }: { onInvite: () => void }) {
  const { t } = useTranslation('people')
  return (
    <Empty
      icon={IconUsers}
      title={t('empty.title')}
      action={
        <Button leftSection={<IconUserPlus size={16} />} onClick={onInvite}>
          {t('invite')}
        </Button>
      }
    >
      {t('empty.text')}
      <span className={c.steps} role="list">
        {(['step1', 'step2', 'step3'] as const).map((step) => (
          <span key={step} role="listitem">
            {t(`empty.${step}`)}
          </span>
        ))}
      </span>
    </Empty>
  )
}

interface OpenedProps {
  lines: readonly PersonLine[]
  id: string | undefined
  isAddingKey: boolean
  onAddingKey: (isAdding: boolean) => void
}

/** The list, and beside it one person. */
function Opened({ lines, id, isAddingKey, onAddingKey }: OpenedProps) {
  const isNarrow = useNarrow()
  const [filter, setFilter] = useState<PeopleFilter>('all')
  const [query, setQuery] = useState('')
  const finder = useRef<HTMLInputElement>(null)
  const detail = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => foundLines(lines, filter, query), [lines, filter, query])
  const today = useUsedToday()
  usePageKeys('people', { find: () => finder.current?.focus() })
  const chosenId = id ?? (isNarrow ? undefined : shown[0]?.user.id)
  const chosen = lines.find(({ user }) => user.id === chosenId)
  // A window that is made narrow meanwhile must not take an open dialog, with a key in it, from the page.
  const addKey = (isAdding: boolean) => {
    if (isAdding && chosenId !== undefined && id === undefined) location.replace(hrefOf('people', chosenId))
    onAddingKey(isAdding)
  }
  return (
    <div className={c.split}>
      {(!isNarrow || id === undefined) && (
        <PeopleList
          {...{ lines, shown, filter, query, today, finder }}
          selected={chosenId}
          onFilter={setFilter}
          onQuery={setQuery}
          onOpen={() => detail.current?.querySelector('h2')?.focus()}
        />
      )}
      {(!isNarrow || id !== undefined) && (
        <div className={c.detail} ref={detail}>
          {chosen ? (
            <PersonDetail key={chosen.user.id} line={chosen} isAddingKey={isAddingKey} onAddingKey={addKey} />
          ) : (
            <NoSuchPerson id={id ?? ''} />
          )}
        </div>
      )}
    </div>
  )
}

function NoSuchPerson({ id }: { id: string }) {
  const { t } = useTranslation('people')
  return (
    <Empty
      icon={IconUserOff}
      title={t('gone.title', { id })}
      action={
        <Button component="a" href={hrefOf('people')} variant="default">
          {t('gone.back')}
        </Button>
      }
    >
      {t('gone.text')}
    </Empty>
  )
}

/** Whether nobody has come beside who looks: the accounts that every panel begins with count when they are used. */
const areAlone = (lines: readonly PersonLine[], me: string | null | undefined) =>
  lines.every(
    ({ user, keys }) =>
      user.id === me || (!user.hasPassword && user.invitation === null && user.lastSeenAt === null && keys === 0),
  )

/** Who may use the services: accounts, their keys, limits and use. */
export default function PeoplePage({ id }: { id: string | undefined }) {
  const { t } = useTranslation('people')
  const users = useQuery(api.users.list.queryOptions())
  const keys = useQuery(api.keys.list.queryOptions({ input: {} }))
  const [isInviting, setInviting] = useState(false)
  const [isAddingKey, setAddingKey] = useState(false)
  const isNarrow = useNarrow()
  const lines = useMemo(() => personLines(users.data ?? [], keys.data ?? []), [users.data, keys.data])
  const invite = () => setInviting(true)
  usePageKeys('people', { invite, newKey: () => setAddingKey(true) })
  const chosen = isNarrow ? users.data?.find((user) => user.id === id) : undefined
  const me = useSession().data?.account
  const isAlone = areAlone(lines, me)
  const hasSome = users.data !== undefined && !isAlone
  const button = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={invite}>
      {t('invite')}
    </Button>
  )
  return (
    <Page
      title={chosen?.name ?? t('title')}
      {...(chosen && { parent: { label: t('title'), href: hrefOf('people') } })}
      lead={hasSome && !chosen && <Lead lines={lines} />}
      actions={hasSome && !chosen && button}
      bar={!chosen && <PeopleTabs current="accounts" count={users.data?.length} />}
    >
      <Loaded query={users} loading={<Loading rows={8} height={40} />}>
        {() =>
          isAlone && id === undefined ? (
            <NobodyElse onInvite={invite} />
          ) : (
            <Opened lines={lines} id={id} isAddingKey={isAddingKey} onAddingKey={setAddingKey} />
          )
        }
      </Loaded>
      {isInviting && <InviteDialog users={users.data ?? []} onClose={() => setInviting(false)} />}
    </Page>
  )
}
