import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { StatusIcon, type StatusKey } from './Status'
import c from './toast.module.css'

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
}

/** Says what failed and what to do. The same failure twice is one toast. */
export function showFailed(message: string, hint: string): void {
  notifications.hide(message)
  notifications.show({
    id: message,
    title: message,
    message: hint,
    icon: icon('unhealthy'),
    autoClose: 12_000,
    ...closeButton(),
  })
}
