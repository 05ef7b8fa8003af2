import { SegmentedControl, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serviceName } from '../../../shared/service-name'
import { CodeBlock } from '../../ui/CodeBlock'
import { clientOf, envOf, snippetIds, snippetsOf, type SnippetId } from './snippets'
import type { Reach } from './useReach'
import c from './KeyMade.module.css'

interface KeySnippetsProps {
  title: string
  reaches: readonly Reach[]
  /** What clients that want a name are told. */
  name: string
  /** Only in the `.env`, and only copied; null where it is not at hand. */
  secret: string | null
}

const isSnippet = (text: string): text is SnippetId => (snippetIds as readonly string[]).includes(text)

/** How programs use a key, by the language or library that they are written with. */
export function KeySnippets({ title, reaches, name, secret }: KeySnippetsProps) {
  const { t } = useTranslation('keys')
  const [serviceId, setServiceId] = useState<string | null>(null)
  const [tab, setTab] = useState<SnippetId>('curl')
  const open = reaches.filter((reach) => reach.url !== null)
  const reach = open.find(({ service }) => service.id === serviceId) ?? open[0]
  if (!reach || reach.url === null) return <p className={c.none}>{t('snippet.none')}</p>
  const subject = { kind: reach.service.kind, url: reach.url, name }
  const nameOf = (id: SnippetId) => (id === 'client' ? clientOf(subject.kind) : t(`snippet.tab.${id}`))
  return (
    <div className={c.snippets}>
      <div className={c.useHead}>
        <h3>{title}</h3>
        {open.length > 1 && (
          <Select
            className={c.which}
            aria-label={t('snippet.service')}
            data={open.map(({ service }) => ({ value: service.id, label: serviceName(service) }))}
            value={reach.service.id}
            onChange={setServiceId}
          />
        )}
        <div className={c.tabs}>
          <SegmentedControl
            aria-label={t('snippet.label')}
            data={snippetIds.map((id) => ({ value: id, label: nameOf(id) }))}
            value={tab}
            onChange={(value) => isSnippet(value) && setTab(value)}
          />
        </div>
      </div>
      {tab === 'env' ? (
        <Env text={envOf(subject, secret ?? 'rk_…')} shown={envOf(subject, 'rk_…')} hasKey={secret !== null} />
      ) : (
        <CodeBlock name={nameOf(tab)} copyLabel={t('snippet.copy', { name: nameOf(tab) })}>
          {snippetsOf(subject)[tab]}
        </CodeBlock>
      )}
    </div>
  )
}

/** The `.env`: what is copied holds the key, what is shown does not. */
function Env({ text, shown, hasKey }: { text: string; shown: string; hasKey: boolean }) {
  const { t } = useTranslation('keys')
  const name = t('snippet.tab.env')
  return (
    <>
      <CodeBlock name={name} copyLabel={t(hasKey ? 'snippet.copyEnv' : 'snippet.copy', { name })} copies={text}>
        {shown}
      </CodeBlock>
      {hasKey && <p className={c.envNote}>{t('snippet.envNote')}</p>}
    </>
  )
}
