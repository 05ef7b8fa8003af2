import { Button, Modal } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { SecretField } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { CopySecret } from './secret/CopySecret'
import { useNow } from '../../ui/useNow'
import c from './Credentials.module.css'
import { useShownSecret, type ShownSecret } from '../../api/useShownSecret'
import { secondsLeft } from './words'

const shownForMs = 30_000

/** Shows a secret for 30 seconds after a warning, then forgets it. Mount it only while it is open. */
export function RevealDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('credentials')
  const { shown, wasShown, hide, reveal } = useShownSecret(id, shownForMs)
  return (
    <Modal opened onClose={onClose} title={t('reveal.title', { id })} size={520}>
      <div className={c.dialog}>
        {!shown && !wasShown && <p>{t('reveal.warning', { seconds: shownForMs / 1000 })}</p>}
        {shown && <Secret {...shown} />}
        {!shown && wasShown && (
          <p role="status">
            <IconEyeOff size={16} stroke={1.6} aria-hidden /> {t('reveal.gone')}
          </p>
        )}
        <Failure error={reveal.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('reveal.close')}
          </Button>
          {shown ? (
            <Button leftSection={<IconEyeOff size={16} stroke={1.6} />} onClick={hide} data-autofocus>
              {t('reveal.hide')}
            </Button>
          ) : (
            <Button
              leftSection={<IconEye size={16} stroke={1.6} />}
              loading={reveal.isRunning}
              onClick={reveal.show}
              data-autofocus
            >
              {t(wasShown ? 'reveal.again' : 'reveal.confirm')}
            </Button>
          )}
        </footer>
      </div>
    </Modal>
  )
}

function Secret({ secret, until }: ShownSecret) {
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
        <span className={c.countTrack} data-tells aria-hidden>
          <span style={{ width: `${(left * 100_000) / shownForMs}%` }} />
        </span>
        <span className="num" role="timer">
          {t('reveal.left', { count: Math.min(left, shownForMs / 1000) })}
        </span>
      </div>
    </>
  )
}
