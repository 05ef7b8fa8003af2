import '@mantine/core/styles/Tabs.css'
import { Button, Modal, Select, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Service } from '../../../../shared/contract'
import { firstKind, kindOfScheme, kinds } from '../../../../shared/kinds'
import { api } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { CopySecret } from '../secret/CopySecret'
import { useShownSecret } from '../../../api/useShownSecret'
import { CopyIcon } from '../../../ui/States'
import { useNow } from '../../../ui/useNow'
import { useIsAdmin } from '../../../api/useSession'
import page from '../Credentials.module.css'
import { secondsLeft } from '../words'
import c from './Snippets.module.css'
import { snippetIds, snippetsOf, type ClientSecret, type SnippetId, type Subject } from './snippets'

const shownForMs = 60_000

const subjectOf = ({ scheme, username }: Credential, service: Service | undefined): Subject => {
  // A credential that no service uses is shown where such a backend listens unless told otherwise.
  const kind = service?.kind ?? kindOfScheme(scheme) ?? firstKind
  return {
    scheme,
    kind,
    url: (service?.url ?? `http://127.0.0.1:${kinds[kind].port.real}`).replace(/\/$/, ''),
    username: username ?? '',
  }
}

const isSnippet = (text: string | null): text is SnippetId => (snippetIds as readonly (string | null)[]).includes(text)

/** How clients use a credential. The secret is only in this page, only while it is shown. Mount it while it is open. */
export default function SnippetsDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { t } = useTranslation('snippets')
  const { id } = credential
  const isAdmin = useIsAdmin()
  const services = (useQuery(api.services.list.queryOptions()).data ?? []).filter((one) => one.credentialId === id)
  const [serviceId, setServiceId] = useState<string | null>(null)
  const service = services.find((one) => one.id === serviceId) ?? services[0]
  const { shown, reveal, hide } = useShownSecret(id, shownForMs)
  return (
    <Modal opened onClose={onClose} title={t('title', { id })} size={720}>
      <div className={page.dialog}>
        <p>{t('intro')}</p>
        {services.length > 1 && (
          <Select
            label={t('service')}
            data={services.map((one) => one.id)}
            value={service?.id ?? null}
            onChange={setServiceId}
            allowDeselect={false}
          />
        )}
        <Snippets credential={credential} service={service} secret={shown?.secret ?? null} />
        <Failure error={reveal.error} />
        <footer className={page.dialogFoot}>
          <span className={c.left} role="status">
            {shown ? <Left until={shown.until} /> : t('placeholders')}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('close')}
          </Button>
          {isAdmin &&
            (shown ? (
              <Button leftSection={<IconEyeOff size={16} stroke={1.6} />} onClick={hide}>
                {t('hide')}
              </Button>
            ) : (
              <Button
                leftSection={<IconEye size={16} stroke={1.6} />}
                loading={reveal.isRunning}
                onClick={() => reveal.show()}
              >
                {t('reveal')}
              </Button>
            ))}
        </footer>
      </div>
    </Modal>
  )
}

interface SnippetsProps {
  credential: Credential
  service: Service | undefined
  /** Null shows placeholders. */
  secret: ClientSecret | null
}

/** The ways to use it, one tab each. */
function Snippets({ credential, service, secret }: SnippetsProps) {
  const { t } = useTranslation('snippets')
  const [tab, setTab] = useState<SnippetId>('bash')
  const snippets = snippetsOf(subjectOf(credential, service), secret)
  const isAsked = service !== undefined && 'asked' in kinds[service.kind].progress
  return (
    <Tabs value={tab} onChange={(value) => isSnippet(value) && setTab(value)} keepMounted={false}>
      <Tabs.List aria-label={t('list')}>
        {snippetIds.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {one === 'socket' && isAsked ? t('tab.progress') : t(`tab.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippetIds.map((one) => (
        <Tabs.Panel key={one} value={one}>
          <Snippet text={snippets[one]} isSecret={secret !== null} name={t(`tab.${one}`)} />
          <p className={c.note}>{one === 'socket' && isAsked ? t('note.progress') : t(`note.${one}`)}</p>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function Left({ until }: { until: number }) {
  const { t } = useTranslation('snippets')
  return <span className="num">{t('left', { count: secondsLeft(until, useNow()) })}</span>
}

function Snippet({ text = '', isSecret, name }: { text: string | undefined; isSecret: boolean; name: string }) {
  const { t } = useTranslation('snippets')
  const label = t(isSecret ? 'copySecret' : 'copy', { name })
  return (
    <div className={c.snippet}>
      <pre tabIndex={0} aria-label={name}>
        {text}
      </pre>
      {isSecret ? <CopySecret value={text} label={label} /> : <CopyIcon value={text} label={label} />}
    </div>
  )
}
