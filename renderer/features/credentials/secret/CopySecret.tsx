import { ActionIcon, Button } from '@mantine/core'
import { IconCheck, IconClipboardOff, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../../ui/useNow'
import { useSession } from '../../../api/useSession'
import { copySecret, emptyClipboard, type Cleared, type CopiedSecret } from './clipboard'
import c from './Secret.module.css'
import { makeRoom } from '../../../ui/toast'
import { notifications } from '../../../ui/Toasts' // Fetched with this: the countdown clears the clipboard.
import { Tooltip } from '../../../ui/Tooltip'

const toastId = 'copied-secret'

/** The clock on screen moves in steps, and may be a little behind. */
const secondsTo = (end: number, now: number) => Math.min(30, Math.max(0, Math.ceil((end - now) / 1000)))

/** Stands until the clipboard is clear again, also when the dialog with the secret is gone. */
function Countdown({ copied }: { copied: CopiedSecret }) {
  const { t } = useTranslation('access')
  const now = useNow()
  const [cleared, setCleared] = useState<Cleared | null>(null)
  const clear = copied.clear
  const { clearsAt } = copied
  useEffect(() => {
    const timer = setTimeout(() => void clear().then(setCleared, () => setCleared('unknown')), clearsAt - Date.now())
    return () => clearTimeout(timer)
  }, [clear, clearsAt])
  useEffect(() => {
    if (cleared !== 'cleared' && cleared !== 'other') return
    const timer = setTimeout(() => notifications.hide(toastId), 4000)
    return () => clearTimeout(timer)
  }, [cleared])
  const clearNow = () =>
    void (cleared === 'unknown' ? emptyClipboard().then(() => 'cleared' as const) : clear()).then(setCleared, () =>
      setCleared('unknown'),
    )
  return (
    <div className={c.countdown}>
      <span role="status">
        {cleared === null ? t('clipboard.clears', { seconds: secondsTo(clearsAt, now) }) : t(`clipboard.${cleared}`)}
      </span>
      {(cleared === null || cleared === 'unknown') && (
        <Button size="compact-xs" variant="default" onClick={clearNow}>
          {t('clipboard.clear')}
        </Button>
      )}
    </div>
  )
}

/** A copy button for a secret: the clipboard is cleared after 30 s if it still holds it, with a countdown until then. */
export function CopySecret({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation('access')
  const door = useSession().data?.door ?? 'http'
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = () =>
    void copySecret(value, door).then(
      (copied) => {
        setState('copied')
        makeRoom()
        notifications.hide(toastId)
        notifications.show({
          id: toastId,
          title: t('clipboard.copied'),
          message: <Countdown key={copied.clearsAt} copied={copied} />,
          icon: <IconClipboardOff size={18} stroke={1.6} />,
          autoClose: false,
          withCloseButton: false,
        })
      },
      () => setState('failed'),
    )
  return (
    <Tooltip label={state === 'failed' ? t('clipboard.failed') : state === 'copied' ? t('clipboard.copied') : label}>
      <ActionIcon variant="subtle" color="gray" size={26} onClick={copy} aria-label={label}>
        {state === 'copied' ? <IconCheck size={15} /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  )
}
