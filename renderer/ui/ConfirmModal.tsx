import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useReturnFocus } from './useReturnFocus'
import c from './ConfirmDialog.module.css'

export interface ConfirmDialogProps {
  onClose: () => void
  title: string
  /** What will happen, what it costs, and what stays. */
  children: ReactNode
  /** In place of Cancel. */
  cancel?: string
  /** The verb on the button, e.g. "Remove comfyui-demo". */
  confirm: string
  onConfirm: () => void
  busy?: boolean
  /** True for what cannot be undone. */
  dangerous?: boolean
}

/** A question is short: on a narrow page it lies at the foot, within reach. */
const asSheet = { content: { 'data-sheet': true } }

/** The dialog itself; used through ConfirmDialog. */
export default function ConfirmModal(props: ConfirmDialogProps) {
  const { t } = useTranslation()
  useReturnFocus()
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={460} attributes={asSheet}>
      <div className={c.body}>{props.children}</div>
      <footer className={c.foot}>
        <Button variant="default" onClick={props.onClose}>
          {props.cancel ?? t('action.cancel')}
        </Button>
        <Button
          onClick={props.onConfirm}
          loading={props.busy ?? false}
          className={props.dangerous ? c.danger : undefined}
          data-autofocus
        >
          {props.confirm}
        </Button>
      </footer>
    </Modal>
  )
}
