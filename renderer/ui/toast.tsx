import { Button } from '@mantine/core'
import i18next from 'i18next'
import { Suspense, useSyncExternalStore, type ReactNode } from 'react'
import { StatusIcon, type StatusKey } from './Status'
import c from './toast.module.css'
import { fetchPart, lazyPart } from './parts'

/** Their code is fetched with the first of them, or some time after the first page. */
export const fetchToasts = () => import('./Toasts')
const Toasts = lazyPart(fetchToasts)

let isWanted = false
let onWanted: (() => void) | undefined
const subscribe = (listener: () => void) => {
  onWanted = listener
  return () => (onWanted = undefined)
}

/** Where toasts appear; to be rendered once. */
export function Toaster() {
  const isShown = useSyncExternalStore(subscribe, () => isWanted)
  return (
    isShown && (
      <Suspense>
        <Toasts />
      </Suspense>
    )
  )
}

/** Makes room for toasts that are shown by hand, with `notifications` of ui/Toasts. */
export function makeRoom(): void {
  isWanted = true
  onWanted?.()
}

type Store = Awaited<ReturnType<typeof fetchToasts>>['notifications']

/** What cannot be fetched now is a panel that does not answer, which the page says already. */
function withToasts(show: (notifications: Store) => void): void {
  void fetchPart(fetchToasts).then(
    ({ notifications }) => {
      makeRoom()
      show(notifications)
    },
    () => undefined,
  )
}

interface ToastOptions {
  message?: ReactNode
  /** Takes the action back; the toast then stays longer. */
  undo?: () => void
  /** What may be done next, in the place of taking it back. */
  act?: { label: string; run: () => void } | undefined
}

/** A cross alone says nothing to a screen reader. */
const closeButton = () => ({ closeButtonProps: { 'aria-label': i18next.t('common:action.close') } })

const icon = (of: StatusKey) => <StatusIcon of={of} size={18} />

const ToastButton = ({ label, onClick }: { label: string; onClick: () => void }) => (
  <Button size="compact-xs" variant="default" className={c.undo} onClick={onClick}>
    {label}
  </Button>
)

/** Says what happened, with a way to take it back where there is one. */
export function showDone(title: string, { message, undo, act }: ToastOptions = {}): void {
  const next = act ?? (undo && { label: i18next.t('common:action.undo'), run: undo })
  withToasts((notifications) => {
    const id = notifications.show({
      title,
      icon: icon('ready'),
      ...closeButton(),
      autoClose: next ? 10_000 : 4000,
      message: (
        <>
          {message !== undefined && <div>{message}</div>}
          {next && (
            <ToastButton
              label={next.label}
              onClick={() => {
                notifications.hide(id)
                next.run()
              }}
            />
          )}
        </>
      ),
    })
  })
}

/** Says what failed and what to do, with a button for it where there is one. The same failure twice is one toast. */
export function showFailed(message: string, hint: string, act?: { label: string; run: () => void }): void {
  withToasts((notifications) => {
    notifications.hide(message)
    const onClick = () => {
      notifications.hide(message)
      act?.run()
    }
    notifications.show({
      id: message,
      title: message,
      message: act ? (
        <>
          <div>{hint}</div>
          <ToastButton label={act.label} onClick={onClick} />
        </>
      ) : (
        hint
      ),
      icon: icon('unhealthy'),
      // What is to be done from here waits for its reader.
      autoClose: act ? false : 12_000,
      ...closeButton(),
    })
  })
}
