import { Button, Modal } from '@mantine/core'
import { IconCheck, IconCircleCheckFilled, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key, Role } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { formatDate, formatRelative } from '../../i18n/format'
import { clientName } from '../../ui/client-name'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { spaced } from '../../ui/Fingerprint'
import { FingerprintGlyph } from '../../ui/FingerprintGlyph'
import { Facts } from '../../ui/Panel'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { useNow } from '../../ui/useNow'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { KindIcon } from '../services/KindIcon'
import { statusOf } from '../services/state'
import c from './KeyMade.module.css'
import { KeySnippets } from './KeySnippets'
import type { KeyOwner } from './owner'
import { endOf } from './rows'
import { useFirstUse } from './useKeys'
import { useLimitWords } from './useLimitWords'
import { useReach, type Reach } from './useReach'

/** `rk_`, thirty random digits, and a checksum of six. */
const prefixLength = 3
const checksumLength = 6

interface SecretProps {
  secret: string
  fingerprint: string
  onCopied: () => void
}

/** The key in one line, the only time that it is on screen; below it what is seen of it later. */
function Secret({ secret, fingerprint, onCopied }: SecretProps) {
  const { t } = useTranslation('keys')
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setState('copied')
      onCopied()
    } catch {
      setState('failed') // not allowed, or no secure context: then by hand, which is noticed too
    }
  }
  return (
    <div className={c.secret}>
      <div className={c.secretText}>
        <code className="mono" aria-label={t('made.key')} onCopy={onCopied}>
          <span>{secret.slice(0, prefixLength)}</span>
          {secret.slice(prefixLength, -checksumLength)}
          <span>{secret.slice(-checksumLength)}</span>
        </code>
        <Button
          leftSection={state === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => void copy()}
          data-autofocus
        >
          {t(state === 'copied' ? 'made.copied' : 'made.copy')}
        </Button>
      </div>
      <p className={c.print}>
        <FingerprintGlyph hex={fingerprint} height={14} />
        <span className="mono">{spaced(fingerprint)}</span>
        <span role="status">{t(state === 'failed' ? 'made.copyFailed' : 'made.once')}</span>
      </p>
    </div>
  )
}

function Opens({ reaches }: { reaches: readonly Reach[] }) {
  const { t } = useTranslation('keys')
  return (
    <section>
      <h3>{t('made.opens')}</h3>
      <ul className={c.opens}>
        {reaches.map(({ service, url }) => (
          <li key={service.id}>
            <KindIcon kind={service.kind} />
            <span>
              <b>{serviceName(service)}</b>
              {url !== null && <span className="mono">{url}</span>}
              {url === null ? <span className="dim">{t('made.closed')}</span> : <StatusLabel of={statusOf(service)} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function panelWords(role: Role, panel: boolean) {
  if (role === 'user') return 'made.panelUser'
  return panel ? 'made.panelAdmin' : 'made.panelNone'
}

function Valid({ of, owner }: { of: Key; owner: KeyOwner }) {
  const { t } = useTranslation('keys')
  const now = useNow(60_000)
  const limitWords = useLimitWords()
  const end = endOf(of)
  const until = end === null ? t('made.noEnd') : `${formatDate(end)}, ${formatRelative(end, now)}`
  // The person's, and those of the key beside them.
  const words = [owner.limits, of.limits].map(limitWords).filter((each) => each !== '')
  return (
    <section className={c.valid}>
      <h3>{t('made.valid')}</h3>
      <Facts
        labelWidth={72}
        rows={[
          [t('made.until'), until],
          [t('made.limits'), words.length > 0 ? words.join('; ') : t('made.noLimits')],
          [t('made.sees'), t(owner.role === 'admin' ? 'made.everything' : 'made.ownOnly')],
          [t('made.panel'), t(panelWords(owner.role, of.panel))],
        ]}
      />
    </section>
  )
}

/** Waits for the first request with the key, and says by whom it came. */
function FirstUse({ made }: { made: Key }) {
  const { t } = useTranslation('keys')
  const use = useFirstUse(made)
  return (
    <span className={c.first} role="status">
      <StatusIcon of={use ? 'ready' : 'starting'} />
      <span>
        {use ? (
          t('made.first', {
            from: use.from,
            client: clientName(use.client ?? '') || t('used.unknownClient'),
          })
        ) : (
          <>
            <span>{t('made.waiting')}</span>
            <span className="dim">{t('made.waitingNote')}</span>
          </>
        )}
      </span>
    </span>
  )
}

interface KeyMadeProps {
  made: Key
  secret: string
  owner: KeyOwner
  onClose: () => void
}

/** A key that was just made: shown, explained, and waited for. Closing it without a copy asks once. */
export function KeyMade({ made, secret, owner, onClose }: KeyMadeProps) {
  const { t } = useTranslation('keys')
  const [isCopied, setCopied] = useState(false)
  const [asks, setAsks] = useState(false)
  const reaches = useReach(made.services)
  useReturnFocus()
  const close = () => (isCopied ? onClose() : setAsks(true))
  const title = t(owner.isMe ? 'made.titleMine' : 'made.title', { key: made.name, name: owner.name })
  return (
    <>
      <Modal
        opened
        onClose={close}
        size={740}
        padding={0}
        title={
          <span className={c.title}>
            <IconCircleCheckFilled size={18} aria-hidden /> {title}
          </span>
        }
        classNames={{ header: c.head ?? '' }}
      >
        <Secret secret={secret} fingerprint={made.fingerprint} onCopied={() => setCopied(true)} />
        <div className={c.columns}>
          <Opens reaches={reaches} />
          <Valid of={made} owner={owner} />
        </div>
        <section className={c.use}>
          <KeySnippets title={t('made.use')} reaches={reaches} name={owner.account} secret={secret} />
        </section>
        <footer className={c.foot}>
          <FirstUse made={made} />
          <Button variant="default" onClick={close}>
            {t('made.done')}
          </Button>
        </footer>
      </Modal>
      <ConfirmDialog
        opened={asks}
        onClose={() => setAsks(false)}
        title={t('made.notCopied.title')}
        cancel={t('made.notCopied.back')}
        confirm={t('made.notCopied.leave')}
        onConfirm={onClose}
        dangerous
      >
        <p>{t('made.notCopied.text')}</p>
      </ConfirmDialog>
    </>
  )
}
