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
}

/** A cross alone says nothing to a screen reader. */
const closeButton = () => ({ closeButtonProps: { 'aria-label': i18next.t('common:action.close') } })

const icon = (of: StatusKey) => <StatusIcon of={of} size={18} />

/** Says what happened, with a way to take it back where there is one. */
export function showDone(title: string, { message, undo }: ToastOptions = {}): void {
  withToasts((notifications) => {
    const id = notifications.show({
      title,
      icon: icon('ready'),
      ...closeButton(),
      autoClose: undo ? 10_000 : 4000,
      message: (
        <>
          {message}
          {undo && (
            <Button
              size="compact-xs"
              variant="default"
              className={c.undo}
              onClick={() => {
                notifications.hide(id)
                undo()
              }}
            >
              {i18next.t('common:action.undo')}
            </Button>
          )}
        </>
      ),
    })
  })
}

/** Says what failed and what to do. The same failure twice is one toast. */
export function showFailed(message: string, hint: string): void {
  withToasts((notifications) => {
    notifications.hide(message)
    notifications.show({
      id: message,
      title: message,
      message: hint,
      icon: icon('unhealthy'),
      autoClose: 12_000,
      ...closeButton(),
    })
  })
}
