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

/** Where to look, and for what. */
export function ScanForm({ last, credentials, hasContainers, isRunning, error, onScan }: ScanFormProps) {
  const { t } = useTranslation('leaks')
  const offered = LeakSource.options.filter((source) => hasContainers || needFolder.includes(source))
  const [folder, setFolder] = useState(last?.folder ?? '')
  const [sources, setSources] = useState<Source[]>(last?.sources ?? offered)
  const [skipIgnored, setSkipIgnored] = useState(last?.skipIgnored ?? false)
  const [left, setLeft] = useState<string[]>([])
  const [wasSent, setSent] = useState(false)

  const chosen = sources.filter((source) => offered.includes(source))
  const wantsFolder = chosen.some((source) => needFolder.includes(source))
  const ids = credentials.map(({ id }) => id).filter((id) => !left.includes(id))
  const issues = {
    folder: wantsFolder && folder.trim() === '' ? t('form.folderNeeded') : null,
    sources: chosen.length === 0 ? t('form.sourceNeeded') : null,
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
      sources: chosen,
      skipIgnored,
      ...(wantsFolder && { folder: folder.trim() }),
      ...(left.length > 0 && { credentialIds: ids }),
    })
  }
  const shown = (issue: string | null) => (wasSent ? issue : null)

  return (
    <Panel title={t('form.title')}>
      <form id={formId} className={c.form} onSubmit={send} noValidate>
        <fieldset disabled={isRunning} className={c.fields}>
          <PathField
            name={t('form.folder')}
            label={t('form.folder')}
            description={t('form.folderText')}
            value={folder}
            onChange={setFolder}
            error={shown(issues.folder)}
            maxLength={4096}
          />
          <Checkbox.Group
            label={t('form.sources')}
            value={chosen}
            onChange={(values) => setSources(values.filter(isSource))}
            error={shown(issues.sources)}
          >
            <div className={c.choices}>
              {offered.map((source) => (
                <Checkbox
                  key={source}
                  value={source}
                  label={t(`source.${source}`)}
                  description={t(`sourceText.${source}`)}
                />
              ))}
            </div>
          </Checkbox.Group>
          {chosen.includes('files') && (
            <Checkbox
              checked={skipIgnored}
              onChange={(event) => setSkipIgnored(event.currentTarget.checked)}
              label={t('form.skipIgnored')}
              description={t('form.skipIgnoredText')}
            />
          )}
          <Checkbox.Group
            label={t('form.credentials')}
            value={ids}
            onChange={(values) => setLeft(credentials.map(({ id }) => id).filter((id) => !values.includes(id)))}
            error={shown(issues.credentials)}
          >
            <div className={`${c.choices} ${c.many}`}>
              {credentials.map(({ id }) => (
                <Checkbox key={id} value={id} label={id} classNames={{ label: 'mono' }} />
              ))}
            </div>
          </Checkbox.Group>
          <Failure error={error} />
        </fieldset>
      </form>
    </Panel>
  )
}
