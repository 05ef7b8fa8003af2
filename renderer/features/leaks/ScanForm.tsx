import { Checkbox } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { LeakSource, type Credential, type LeakScan, type LeakScanInput } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Panel } from '../../ui/Panel'
import { PathField } from '../services/add/PathField'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import c from './Leaks.module.css'

/** The button that starts a scan stands in the page's header. */
export const formId = 'leak-scan'

type Input = Omit<LeakScanInput, 'wait'>
type Source = LeakScan['sources'][number]

interface ScanFormProps {
  last: LeakScan | null
  credentials: Credential[]
  hasContainers: boolean
  isRunning: boolean
  error: unknown
  onScan: (input: Input) => void
}

const needFolder: Source[] = ['files', 'git']
const isSource = (text: string): text is Source => LeakSource.safeParse(text).success

const noIds: string[] = []

/** What is being chosen, as far as it can be had; what is wrong is said once the scan was to start. */
function useScanForm({ last, credentials, hasContainers, onScan }: Omit<ScanFormProps, 'isRunning' | 'error'>) {
  const { t } = useTranslation('leaks')
  const offered = LeakSource.options.filter((source) => hasContainers || needFolder.includes(source))
  const [typed, setTyped] = useState({
    folder: last?.folder ?? '',
    sources: last?.sources ?? offered,
    skipIgnored: last?.skipIgnored ?? false,
    /** Ids of the credentials that are not looked for. */
    left: noIds,
  })
  const [wasSent, setSent] = useState(false)
  const change = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }))

  const { folder, skipIgnored, left } = typed
  const sources = typed.sources.filter((source) => offered.includes(source))
  const wantsFolder = sources.some((source) => needFolder.includes(source))
  const ids = credentials.map(({ id }) => id).filter((id) => !left.includes(id))
  const issues = {
    folder: wantsFolder && folder.trim() === '' ? t('form.folderNeeded') : null,
    sources: sources.length === 0 ? t('form.sourceNeeded') : null,
    credentials: ids.length === 0 ? t('form.credentialNeeded') : null,
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setSent(true)
    if (Object.values(issues).some((issue) => issue !== null)) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    onScan({
      sources,
      skipIgnored,
      ...(wantsFolder && { folder: folder.trim() }),
      ...(left.length > 0 && { credentialIds: ids }),
    })
  }
  const unsaid: Record<keyof typeof issues, string | null> = { folder: null, sources: null, credentials: null }
  return { input: { ...typed, sources }, change, offered, ids, issues: wasSent ? issues : unsaid, send }
}

interface SourcesProps {
  offered: Source[]
  chosen: Source[]
  onChange: (sources: Source[]) => void
  issue: string | null
}

function Sources({ offered, chosen, onChange, issue }: SourcesProps) {
  const { t } = useTranslation('leaks')
  return (
    <Checkbox.Group
      label={t('form.sources')}
      value={chosen}
      onChange={(values) => onChange(values.filter(isSource))}
      error={issue}
    >
      <div className={c.choices}>
        {offered.map((source) => (
          <Checkbox key={source} value={source} label={t(`source.${source}`)} description={t(`sourceText.${source}`)} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

interface CredentialsProps {
  credentials: Credential[]
  ids: string[]
  /** Told which are left out, so that one that is added meanwhile is looked for. */
  onChange: (left: string[]) => void
  issue: string | null
}

function Credentials({ credentials, ids, onChange, issue }: CredentialsProps) {
  const { t } = useTranslation('leaks')
  return (
    <Checkbox.Group
      label={t('form.credentials')}
      value={ids}
      onChange={(values) => onChange(credentials.map(({ id }) => id).filter((id) => !values.includes(id)))}
      error={issue}
    >
      <div className={`${c.choices} ${c.many}`}>
        {credentials.map(({ id }) => (
          <Checkbox key={id} value={id} label={id} classNames={{ label: 'mono' }} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

/** Where to look, and for what. */
export function ScanForm({ last, credentials, hasContainers, isRunning, error, onScan }: ScanFormProps) {
  const { t } = useTranslation('leaks')
  const { input, change, offered, ids, issues, send } = useScanForm({ last, credentials, hasContainers, onScan })
  return (
    <Panel title={t('form.title')}>
      <form id={formId} className={c.form} onSubmit={send} noValidate>
        <fieldset disabled={isRunning} className={c.fields}>
          <PathField
            name={t('form.folder')}
            label={t('form.folder')}
            description={t('form.folderText')}
            value={input.folder}
            onChange={(folder) => change({ folder })}
            error={issues.folder}
            maxLength={4096}
          />
          <Sources
            offered={offered}
            chosen={input.sources}
            onChange={(sources) => change({ sources })}
            issue={issues.sources}
          />
          {input.sources.includes('files') && (
            <Checkbox
              checked={input.skipIgnored}
              onChange={(event) => change({ skipIgnored: event.currentTarget.checked })}
              label={t('form.skipIgnored')}
              description={t('form.skipIgnoredText')}
            />
          )}
          <Credentials
            credentials={credentials}
            ids={ids}
            onChange={(left) => change({ left })}
            issue={issues.credentials}
          />
          <Failure error={error} />
        </fieldset>
      </form>
    </Panel>
  )
}
