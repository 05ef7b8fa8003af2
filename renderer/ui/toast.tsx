import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { isProblem, wasAnswered } from '../api/problem'
import { describeReason } from '../i18n'
import { StatusIcon, type StatusKey } from './Status'
import c from './toast.module.css'

/** What is wrong and what to do next, for any error that a call can end with. */
export function describeError(error: unknown): { message: string; hint: string } {
  const t = i18next.t
  if (isProblem(error)) return describeReason({ ...error.data, message: error.message })
  if (wasAnswered(error) && error instanceof Error) return { message: error.message, hint: '' }
  return { message: t('common:state.noConnection'), hint: t('common:state.noConnectionHint') }
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
export function showFailure(error: unknown): void {
  const { message, hint } = describeError(error)
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
