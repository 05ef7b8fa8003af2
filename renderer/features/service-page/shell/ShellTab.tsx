import { ActionIcon, Button, Switch, TextInput } from '@mantine/core'
import { IconCopy, IconEraser, IconTerminal2 } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Suspense, useRef, useState, type ReactNode, type Ref, type RefObject, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, Shell, ShellEnd } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { Panel } from '../../../ui/Panel'
import { Empty, Loading } from '../../../ui/States'
import { StatusIcon } from '../../../ui/Status'
import { formatDuration } from '../../../i18n/format'
import { copySelection } from './copy'
import type { TerminalHandle } from './Terminal'
import c from './Shell.module.css'
import { Tooltip } from '../../../ui/Tooltip'
import { lazyPart } from '../../../ui/parts'

const Terminal = lazyPart(() => import('./Terminal'))

/** Terminals outlive a look at another tab by some seconds; coming back finds them again. */
const openShells = new Map<string, Shell>()

type End = { why: ShellEnd; exitCode: number | null }

function Intro({ service, onOpen }: { service: Service; onOpen: (shell: Shell) => void }) {
  const { t } = useTranslation('shell')
  const [program, setProgram] = useState('')
  const open = useMutation(api.shells.open.mutationOptions({ onSuccess: onOpen }))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const named = program.trim()
    open.mutate({ id: service.id, cols: 80, rows: 24, ...(named === '' ? {} : { program: named }) })
  }
  return (
    <Empty
      icon={IconTerminal2}
      title={t('intro.title', { container: service.container?.name ?? service.id })}
      action={
        <form onSubmit={submit} className={c.form}>
          <TextInput
            label={t('program')}
            placeholder={t('programHint')}
            value={program}
            onChange={(event) => setProgram(event.currentTarget.value)}
            spellCheck={false}
          />
          <Button type="submit" variant="light" loading={open.isPending}>
            {t('intro.open')}
          </Button>
        </form>
      }
    >
      {t('intro.text')}
    </Empty>
  )
}

function Ended({ shell, end, onAgain }: { shell: Shell; end: End; onAgain: () => void }) {
  const { t } = useTranslation('shell')
  const { why, exitCode } = end
  const words =
    why === 'exited'
      ? exitCode === null
        ? t('ended.exitedUnknown', { program: shell.program })
        : t('ended.exited', { program: shell.program, code: exitCode })
      : t(`ended.${why}`, { limit: formatDuration(shell.idleLimitMs) })
  return (
    <p className={c.ended} role="status">
      {words}
      <Button variant="light" size="compact-sm" onClick={onAgain}>
        {t('again')}
      </Button>
    </p>
  )
}

const icons = { opening: 'starting', open: 'ready', cut: 'stale', ended: 'stopped' } as const

interface BarProps {
  shell: Shell
  isEnded: boolean
  handle: RefObject<TerminalHandle | null>
  /** Where the keyboard goes when it leaves the terminal. */
  first: Ref<HTMLButtonElement>
  children: ReactNode
}

function Bar({ shell, isEnded, handle, first, children }: BarProps) {
  const { t } = useTranslation('shell')
  const close = useMutation(api.shells.close.mutationOptions())
  return (
    <div className={c.bar}>
      {children}
      <Tooltip label={t('copy')}>
        <ActionIcon
          ref={first}
          variant="subtle"
          color="gray"
          aria-label={t('copy')}
          onClick={() => void copySelection(handle.current?.selection() ?? '')}
        >
          <IconCopy size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('clear')}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('clear')} onClick={() => handle.current?.clear()}>
          <IconEraser size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Button
        variant="default"
        size="compact-sm"
        disabled={isEnded}
        loading={close.isPending}
        onClick={() => close.mutate({ id: shell.id })}
      >
        {t('close')}
      </Button>
    </div>
  )
}

function OpenShell({ shell, onAgain }: { shell: Shell; onAgain: () => void }) {
  const { t } = useTranslation('shell')
  const handle = useRef<TerminalHandle>(null)
  const first = useRef<HTMLButtonElement>(null)
  const [state, setState] = useState<'opening' | 'open' | 'cut' | 'ended'>('opening')
  const [end, setEnd] = useState<End | null>(null)
  const [reader, setReader] = useState(false)
  return (
    <Panel
      title={t('title')}
      note={
        <span className={c.state} role="status">
          <StatusIcon of={icons[state]} size={14} />
          {t(`state.${state}`)} · {shell.container.name} · <span className="mono">{shell.program}</span>
        </span>
      }
      fill
      flush
      className={c.panel}
      action={
        <Bar shell={shell} isEnded={state === 'ended'} handle={handle} first={first}>
          <Switch
            label={t('reader')}
            labelPosition="left"
            checked={reader}
            onChange={(event) => setReader(event.currentTarget.checked)}
          />
        </Bar>
      }
    >
      {end && <Ended shell={shell} end={end} onAgain={onAgain} />}
      <Suspense fallback={<Loading rows={8} />}>
        <Terminal
          shellId={shell.id}
          label={t('label', { container: shell.container.name })}
          screenReader={reader}
          ref={handle}
          onLeave={() => first.current?.focus()}
          onState={setState}
          onEnd={(why, exitCode) => {
            openShells.delete(shell.serviceId)
            setState('ended')
            setEnd({ why, exitCode })
          }}
        />
      </Suspense>
      <p className={c.keys}>{t('keys')}</p>
    </Panel>
  )
}

/** A terminal in the service's container. */
export default function ShellTab({ service }: { service: Service }) {
  const { t } = useTranslation('shell')
  const { id, container } = service
  const [shell, setShell] = useState(() => openShells.get(id) ?? null)
  const show = (opened: Shell | null) => {
    if (opened) openShells.set(id, opened)
    setShell(opened)
  }
  if (shell) return <OpenShell key={shell.id} shell={shell} onAgain={() => show(null)} />
  if (container?.state !== 'running') {
    return (
      <Empty icon={IconTerminal2} title={t('none.title')}>
        {t('none.text', { id })}
      </Empty>
    )
  }
  return <Intro service={service} onOpen={show} />
}
