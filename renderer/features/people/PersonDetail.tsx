import { Button } from '@mantine/core'
import {
  IconLink,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconShield,
  IconTrash,
  IconUser,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/contract'
import { api } from '../../api/query'
import { useSession } from '../../api/useSession'
import { formatDay } from '../../i18n/format'
import { DotsButton } from '../../ui/DotsButton'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { Person } from '../../ui/Person'
import { StatusLabel } from '../../ui/Status'
import { KeysPanel } from '../keys/KeysPanel'
import { ownerOf } from '../keys/owner'
import { LimitsPanel } from './LimitsPanel'
import { isAwaited, type PersonLine } from './lines'
import { PersonDialogs, type PersonAct } from './PersonDialogs'
import c from './People.module.css'
import { PersonSessions } from './PersonSessions'
import { listPeopleAgain } from './usePeople'

/** What can be done with an account, in the order of how far it goes. */
function useEntries(user: User, isMe: boolean, onAsk: (act: PersonAct) => void): () => MenuEntry[] {
  const { t } = useTranslation('people')
  const update = useMutation(api.users.change.mutationOptions({ onSettled: listPeopleAgain }))
  const { id } = user
  const ask = (act: PersonAct, label: string, icon: typeof IconUser, isBad = false): MenuEntry => ({
    ...{ type: 'act', key: act, label, icon, isBad },
    onClick: () => onAsk(act),
  })
  const resume: MenuEntry = {
    ...{ type: 'act', key: 'resume', label: t('do.resume'), icon: IconPlayerPlay },
    onClick: () => update.mutate({ id, suspended: false }),
  }
  return () => [
    ask('rename', t('do.rename'), IconPencil),
    ask('invite', t(user.hasPassword ? 'do.resetPassword' : 'do.newInvitation'), IconLink),
    ...(isMe
      ? []
      : [
          user.role === 'admin'
            ? ask('makeUser', t('do.makeUser'), IconUser)
            : ask('makeAdmin', t('do.makeAdmin'), IconShield),
          { type: 'divider', key: 'divider' } as const,
          user.suspended ? resume : ask('suspend', t('do.suspend'), IconPlayerPause),
          ask('remove', t('do.remove'), IconTrash, true),
        ]),
  ]
}

interface HeadProps {
  line: PersonLine
  isMe: boolean
  onAddKey: () => void
  onAsk: (act: PersonAct) => void
}

function Head({ line: { user }, isMe, onAddKey, onAsk }: HeadProps) {
  const { t } = useTranslation(['people', 'keys'])
  const entries = useEntries(user, isMe, onAsk)
  const about = [
    t(`about.${user.role}`, { day: formatDay(user.createdAt) }),
    t('about.id', { id: user.id }),
    ...(user.hasPassword || user.invitation ? [] : [t('about.noPassword')]),
  ]
  return (
    <header className={c.title}>
      <Person name={user.name} isAwaited={isAwaited(user)} />
      <div className={c.titleText}>
        <h2 tabIndex={-1}>
          <span className={c.name} title={user.name}>
            {user.name}
          </span>
          {isMe && <span className={c.tag}>{t('tag.you')}</span>}
        </h2>
        <p>{about.join(', ')}</p>
      </div>
      <div className={c.titleActions}>
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={onAddKey}
          aria-label={t('keys:addFor', { name: user.name })}
        >
          {t('keys:add')}
        </Button>
        <MenuButton entries={entries}>
          <DotsButton label={t('more', { name: user.name })} />
        </MenuButton>
      </div>
    </header>
  )
}

interface PersonDetailProps {
  line: PersonLine
  isAddingKey: boolean
  onAddingKey: (isAdding: boolean) => void
}

/** One account in the order of what goes wrong: keys, limits and use, sessions. Key it by its id. */
export function PersonDetail({ line, isAddingKey, onAddingKey }: PersonDetailProps) {
  const { t } = useTranslation(['people', 'keys'])
  const { user } = line
  const isMe = useSession().data?.account === user.id
  const [act, setAct] = useState<PersonAct | null>(null)
  const owner = ownerOf(user, false)
  return (
    <>
      <Head line={line} isMe={isMe} onAddKey={() => onAddingKey(true)} onAsk={setAct} />
      {user.suspended && <StatusLabel of="paused" word={t('about.suspended')} />}
      <KeysPanel owner={owner} title={t('keys:title')} isAdding={isAddingKey} onAdding={onAddingKey} />
      <LimitsPanel user={user} />
      <PersonSessions user={user} />
      {act !== null && <PersonDialogs act={act} user={user} keys={line.keys} onClose={() => setAct(null)} />}
    </>
  )
}
