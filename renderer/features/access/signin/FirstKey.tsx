import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import c from './SignIn.module.css'

/** A key that was just made, shown this once. */
export function FirstKey({ secret }: { secret: string }) {
  const { t } = useTranslation('keys')
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setState('copied')
    } catch {
      setState('failed') // not allowed, or no secure context
    }
  }
  return (
    <div className={c.key}>
      <code aria-label={t('made.key')}>{secret}</code>
      <Button
        variant="default"
        leftSection={state === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
        onClick={() => void copy()}
      >
        {t(state === 'copied' ? 'made.copied' : 'made.copy')}
      </Button>
      <p role="status">{t(state === 'failed' ? 'made.copyFailed' : 'made.once')}</p>
    </div>
  )
}
