import '@mantine/core/styles/Radio.css'
import { Button, Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UpdateFile } from '../../../shared/contract'
import { Panel } from '../../ui/Panel'
import { Diff } from '../compose/Diff'
import { hunksOf } from './diff'
import c from './Updates.module.css'

export type FileChoice = 'keep' | 'replace'

interface FilesPanelProps {
  files: readonly UpdateFile[]
  choices: Readonly<Record<string, FileChoice>>
  onChoose: (path: string, choice: FileChoice) => void
  /** Files for which a choice was asked and not given. */
  missing: readonly string[]
}

/** What becomes of the stack's files. For those that the person changed they say which version stays. */
export function FilesPanel({ files, choices, onChoose, missing }: FilesPanelProps) {
  const { t } = useTranslation('updates')
  const changed = files.filter((file) => file.isChanged)
  const others = files.filter((file) => !file.isChanged)
  return (
    <Panel
      title={t('files.title')}
      note={changed.length === 0 ? t('files.noneChanged') : t('files.note', { count: changed.length })}
      flush
    >
      <ul className={c.files}>
        {changed.map((file) => (
          <ChangedFile
            key={file.path}
            file={file}
            choice={choices[file.path]}
            onChoose={(choice) => onChoose(file.path, choice)}
            isMissing={missing.includes(file.path)}
          />
        ))}
        {others.map((file) => (
          <PlainFile key={file.path} file={file} />
        ))}
      </ul>
    </Panel>
  )
}

function PlainFile({ file }: { file: UpdateFile }) {
  const { t } = useTranslation('updates')
  return (
    <li>
      <div className={c.fileHead}>
        <span className={`mono ${c.filePath}`}>{file.path}</span>
        {file.diff !== null && file.diff !== '' && <DiffOf file={file} />}
        <span className={c.quiet}>{t(`files.change.${file.change}`)}</span>
      </div>
    </li>
  )
}

interface ChangedFileProps {
  file: UpdateFile
  choice: FileChoice | undefined
  onChoose: (choice: FileChoice) => void
  isMissing: boolean
}

function ChangedFile({ file, choice, onChoose, isMissing }: ChangedFileProps) {
  const { t } = useTranslation('updates')
  const { path, change, diff } = file
  return (
    <li data-changed data-missing={isMissing || undefined}>
      <div className={c.fileHead}>
        <span className={`mono ${c.filePath}`}>{path}</span>
        {diff !== null && diff !== '' ? (
          <DiffOf file={file} />
        ) : (
          change === 'replaced' && <span className={c.quiet}>{t('files.noDiff')}</span>
        )}
        <span className={c.byYou}>{t(change === 'added' ? 'files.removedByYou' : 'files.changedByYou')}</span>
      </div>
      <Radio.Group
        label={t('files.choose', { path })}
        labelProps={{ className: 'visually-hidden' }}
        value={choice ?? null}
        onChange={(value) => onChoose(value === 'keep' ? 'keep' : 'replace')}
        error={isMissing && t('files.chooseFirst')}
      >
        <div className={c.choices}>
          {(['keep', 'replace'] as const).map((one) => (
            <Radio key={one} value={one} label={t(`files.${one}`)} description={t(`files.${one}Note`)} />
          ))}
        </div>
      </Radio.Group>
    </li>
  )
}

/** A button, and below the row what it shows. */
function DiffOf({ file: { path, diff } }: { file: UpdateFile }) {
  const { t } = useTranslation('updates')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button variant="subtle" size="compact-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t(isOpen ? 'files.hideDiff' : 'files.showDiff')}
        <span className="visually-hidden">: {path}</span>
      </Button>
      {isOpen && (
        <div className={c.diff}>
          <Diff diff={{ file: path, name: path, hunks: hunksOf(diff ?? '') }} />
        </div>
      )}
    </>
  )
}
