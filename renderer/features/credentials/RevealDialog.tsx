import { Button, Modal } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SecretField } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../api/Failure'
import { CopySecret } from './secret/CopySecret'
import { useNow } from '../../ui/useNow'
import { useSession } from '../../api/useSession'
import c from './Credentials.module.css'
import { useSecretCall } from '../../api/useSecretCall'
import { secondsLeft } from './words'

const shownForMs = 30_000

type Shown = { secret: Partial<Record<SecretField, string | undefined>>; until: number }
type Phase = { is: 'asking' } | ({ is: 'shown' } & Shown) | { is: 'gone' }

/** Shows a secret for 30 seconds after a warning, then forgets it. Mount it only while it is open. */
export function RevealDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('credentials')
  const [phase, setPhase] = useState<Phase>({ is: 'asking' })
  const reveal = useSecretCall(() => client.credentials.reveal({ id }))

  const until = phase.is === 'shown' ? phase.until : null
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => setPhase({ is: 'gone' }), until - Date.now())
    return () => clearTimeout(timer)
  }, [until])

  const isShown = until !== null
  const onDesktop = useSession().data?.door === 'desktop'
  useEffect(() => {
    if (!isShown || !onDesktop) return
    // The panel has kept the window out of screenshots since before the secret came.
    return () => void client.desktop.secretHidden().catch(() => undefined)
  }, [isShown, onDesktop])

  const show = () =>
    void reveal.run(undefined, (secret) => {
      setPhase({ is: 'shown', secret, until: Date.now() + shownForMs })
      void queryClient.invalidateQueries({ queryKey: api.credentials.history.key({ input: { id } }) })
    })

  return (
    <Modal opened onClose={onClose} title={t('reveal.title', { id })} size={520}>
      <div className={c.dialog}>
        {phase.is === 'asking' && <p>{t('reveal.warning', { seconds: shownForMs / 1000 })}</p>}
        {phase.is === 'shown' && <Secret {...phase} />}
        {phase.is === 'gone' && (
          <p role="status">
            <IconEyeOff size={16} stroke={1.6} aria-hidden /> {t('reveal.gone')}
          </p>
        )}
        <Failure error={reveal.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('reveal.close')}
          </Button>
          {phase.is === 'shown' ? (
            <Button
              leftSection={<IconEyeOff size={16} stroke={1.6} />}
              onClick={() => setPhase({ is: 'gone' })}
              data-autofocus
            >
              {t('reveal.hide')}
            </Button>
          ) : (
            <Button
              leftSection={<IconEye size={16} stroke={1.6} />}
              loading={reveal.isRunning}
              onClick={show}
              data-autofocus
            >
              {t(phase.is === 'gone' ? 'reveal.again' : 'reveal.confirm')}
            </Button>
          )}
        </footer>
      </div>
    </Modal>
  )
}

function Secret({ secret, until }: Shown) {
  const { t } = useTranslation('credentials')
  const left = secondsLeft(until, useNow())
  const fields = SecretField.options.flatMap((field) => {
    const value = secret[field]
    return value === undefined ? [] : [{ field, value }]
  })
  return (
    <>
      {fields.length === 0 && <p>{t('reveal.none')}</p>}
      <dl className={c.secret}>
        {fields.map(({ field, value }) => (
          <div key={field}>
            <dt>{t(`field.${field}`)}</dt>
            <dd>
              <code>{value}</code>
              <CopySecret value={value} label={t('reveal.copy', { field: t(`field.${field}`).toLowerCase() })} />
            </dd>
          </div>
        ))}
      </dl>
      <div className={c.countdown}>
        <span className={c.countTrack} aria-hidden>
          <span style={{ width: `${(left * 100_000) / shownForMs}%` }} />
        </span>
        <span className="num" role="timer">
          {t('reveal.left', { count: Math.min(left, shownForMs / 1000) })}
        </span>
      </div>
    </>
  )
}
