import { ActionIcon, Anchor, Button, Menu } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconCode, IconDots, IconEqual, IconEye, IconPencil, IconRotate, IconTrash } from '@tabler/icons-react'
import { Suspense, useState, type ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { Credential, Rotation } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { useNarrow } from '../../ui/narrow'
import { Page } from '../../ui/Page'
import { StatusPill } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import { hrefOf, navigate } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import { useIsAdmin } from '../../api/useSession'
import { formatList } from '../../i18n/format'
import c from './Credentials.module.css'
import { EditDialog } from './EditDialog'
import { HistoryPanel } from './HistoryPanel'
import { MapPanel } from './MapPanel'
import { ProofPanel } from './ProofPanel'
import { RevealDialog } from './RevealDialog'
import { PolicyPanel } from './policy/PolicyPanel'
import { RotateDialog } from './rotation/RotateDialog'
import { RotationView } from './rotation/RotationView'
import { Unusable } from './Unusable'
import { ageInDays } from './words'
import { Tooltip } from '../../ui/Tooltip'
import { lazyPart } from '../../ui/parts'

const SnippetsDialog = lazyPart(() => import('./snippets/SnippetsDialog'))

type Open = 'reveal' | 'rotate' | 'edit' | 'snippets' | 'delete' | null

/** One credential: where it stands and what was proven; or its rotation while that goes on. Key it by its id. */
export function CredentialDetail({ credential }: { credential: Credential }) {
  const input = { id: credential.id }
  const rotation = useQuery(api.credentials.rotation.queryOptions({ input })).data ?? null
  const [open, setOpen] = useState<Open>(null)
  const isAdmin = useIsAdmin()
  const [followed, setFollowed] = useState<string | null>(null)
  // Whoever watched it run also sees how it ended.
  if (rotation?.state === 'running' && followed !== rotation.id) setFollowed(rotation.id)
  const close = () => setOpen(null)
  const isNarrow = useNarrow()
  const isFollowed = rotation !== null && followed === rotation.id
  const content = isFollowed ? (
    <RotationView
      credential={credential}
      rotation={rotation}
      onDone={() => setFollowed(null)}
      onRetry={() => setOpen('rotate')}
    />
  ) : (
    <div className={c.detail}>
      {!isNarrow && <Head credential={credential} onOpen={setOpen} />}
      {credential.unusable && (
        <Unusable
          unusable={credential.unusable}
          canRotate={isAdmin && credential.state !== 'rotating'}
          onRotate={() => setOpen('rotate')}
        />
      )}
      <MapPanel credential={credential} />
      <PolicyPanel credential={credential} onStarted={(started) => setFollowed(started.id)} />
      <div className={c.pair}>
        <ProofPanel credential={credential} />
        <HistoryPanel id={credential.id} onLastRotation={rotation ? () => setFollowed(rotation.id) : undefined} />
      </div>
    </div>
  )
  return (
    <>
      {isNarrow ? (
        <DetailPage credential={credential} isPlain={!isFollowed} onOpen={setOpen}>
          {content}
        </DetailPage>
      ) : (
        content
      )}
      <Dialogs credential={credential} open={open} onClose={close} onStarted={(started) => setFollowed(started.id)} />
    </>
  )
}

interface DialogsProps {
  credential: Credential
  open: Open
  onClose: () => void
  /** A rotation has begun. */
  onStarted: (rotation: Rotation) => void
}

function Dialogs({ credential, open, onClose, onStarted }: DialogsProps) {
  return (
    <>
      {open === 'reveal' && <RevealDialog id={credential.id} onClose={onClose} />}
      {open === 'rotate' && (
        <RotateDialog
          credential={credential}
          onClose={onClose}
          onStarted={(started) => {
            onClose()
            onStarted(started)
          }}
        />
      )}
      {open === 'snippets' && (
        <Suspense>
          <SnippetsDialog credential={credential} onClose={onClose} />
        </Suspense>
      )}
      {open === 'edit' && <EditDialog credential={credential} onClose={onClose} />}
      <Delete credential={credential} isOpen={open === 'delete'} onClose={onClose} />
    </>
  )
}

interface HeadProps {
  credential: Credential
  onOpen: (open: Open) => void
}

function State({ credential: { state, drifted } }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const isNarrow = useNarrow()
  const detail =
    state === 'drifted' && drifted > 0 && !isNarrow ? { detail: t('detail.pill.drifted', { count: drifted }) } : {}
  return <StatusPill of={state} {...detail} />
}

/** Below 768 px a credential is a page of its own: its state beside its name, what can be done at the foot. */
function DetailPage({
  credential,
  isPlain,
  onOpen,
  children,
}: HeadProps & {
  /** False while a rotation is shown, which has actions of its own. */
  isPlain: boolean
  children: ReactNode
}) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const isDisabled = !isAdmin || credential.state === 'rotating'
  return (
    <Page
      title={credential.id}
      parent={{ label: t('title'), href: hrefOf('credentials') }}
      pill={<State credential={credential} />}
      lead={isPlain && <About credential={credential} />}
      narrow={{
        header: <MoreMenu credential={credential} isDisabled={isDisabled} onOpen={onOpen} isNarrow />,
        foot: isPlain && <Buttons credential={credential} onOpen={onOpen} isNarrow />,
      }}
    >
      {children}
    </Page>
  )
}

function Buttons({ credential, onOpen, isNarrow = false }: HeadProps & { isNarrow?: boolean }) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconEye size={16} stroke={1.6} />}
        disabled={!isAdmin}
        onClick={() => onOpen('reveal')}
      >
        {t('detail.reveal')}
      </Button>
      <Button
        variant={isNarrow ? 'filled' : 'default'}
        leftSection={<IconRotate size={16} stroke={1.6} />}
        disabled={!isAdmin || credential.state === 'rotating'}
        onClick={() => onOpen('rotate')}
      >
        {t('detail.rotate')}
      </Button>
    </>
  )
}

function Head({ credential, onOpen }: HeadProps) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const isBusy = credential.state === 'rotating'
  return (
    <header className={c.head}>
      <div className={c.headText}>
        <div className={c.headTitle}>
          <h2>{credential.id}</h2>
          <State credential={credential} />
        </div>
        <About credential={credential} />
      </div>
      <Tooltip label={t('adminOnly')} disabled={isAdmin}>
        <div className={c.headActions}>
          <Buttons credential={credential} onOpen={onOpen} />
          <MoreMenu credential={credential} isDisabled={!isAdmin || isBusy} onOpen={onOpen} />
        </div>
      </Tooltip>
    </header>
  )
}

function About({ credential }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const days = ageInDays(credential, useNow(60_000))
  const values = {
    scheme: t(`scheme.${credential.scheme}`),
    version: credential.version,
    age: days === 0 ? t('detail.ageToday') : t('detail.age', { count: days }),
  }
  return (
    <p>
      {credential.username === null ? (
        t('detail.facts', values)
      ) : (
        <Trans
          t={t}
          i18nKey="detail.factsUser"
          values={{ ...values, name: credential.username }}
          components={{ user: <b /> }}
        />
      )}{' '}
      {credential.serviceIds.length === 0 ? (
        t('detail.opensNothing')
      ) : (
        <>
          {t('detail.opens')}{' '}
          {credential.serviceIds.map((id, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <Anchor href={hrefOf('services', id)} fz="inherit" underline="always">
                {id}
              </Anchor>
            </span>
          ))}
          .
        </>
      )}
    </p>
  )
}

interface MoreMenuProps {
  credential: Credential
  isDisabled: boolean
  onOpen: (open: Open) => void
  isNarrow?: boolean
}

function MoreMenu({ credential, isDisabled, onOpen, isNarrow = false }: MoreMenuProps) {
  const { t } = useTranslation('credentials')
  const input = { id: credential.id }
  const sync = useMutation(
    api.credentials.sync.mutationOptions({
      onSuccess: (drift) => {
        queryClient.setQueryData(api.credentials.drift.queryKey({ input }), drift)
        showDone(t('map.writtenAll'))
      },
    }),
  )
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          aria-label={t('detail.more')}
          disabled={isDisabled}
          loading={sync.isPending}
          {...(isNarrow && { variant: 'subtle', color: 'gray' })}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => onOpen('edit')}>
          {t('detail.editSinks')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCode size={16} stroke={1.6} />} onClick={() => onOpen('snippets')}>
          {t('detail.snippets')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconEqual size={16} stroke={1.6} />}
          disabled={credential.sinks.length === 0}
          onClick={() => sync.mutate(input)}
        >
          {t('detail.writeAll')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} stroke={1.6} />}
          className={c.dangerItem}
          onClick={() => onOpen('delete')}
        >
          {t('detail.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Delete({ credential, isOpen, onClose }: { credential: Credential; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('credentials')
  const { id, serviceIds } = credential
  const remove = useMutation(
    api.credentials.remove.mutationOptions({
      onSuccess: () => {
        onClose()
        navigate('credentials')
        showDone(t('delete.done', { id }))
      },
    }),
  )
  return (
    <ConfirmDialog
      opened={isOpen}
      onClose={onClose}
      title={t('delete.title', { id })}
      confirm={t('delete.confirm')}
      onConfirm={() => remove.mutate({ id })}
      busy={remove.isPending}
      dangerous
    >
      <p>{t('delete.text')}</p>
      {serviceIds.length > 0 && <p>{t('delete.used', { services: formatList(serviceIds) })}</p>}
    </ConfirmDialog>
  )
}
