import { Anchor, Button, FileButton, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconAppWindow, IconUpload } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../../../api/Failure'
import { showDone } from '../../../../ui/toast'
import { useReturnFocus } from '../../../../ui/useReturnFocus'
import { openWorkflow } from '../address'
import { client } from '../../../../api/client'
import { api } from '../../../../api/query'
import { FileReport } from './FileReport'
import c from './Import.module.css'
import { isImportable } from '../model/files'
import { useReports } from './useReports'

const accepted = '.json,application/json,image/png,image/webp,image/jpeg'

/** While it is open, files that are dropped anywhere are for it. */
function useDropHere(add: (files: File[]) => void): void {
  const take = useEffectEvent(add)
  useEffect(() => {
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      take(files)
    }
    addEventListener('drop', drop, { capture: true })
    return () => removeEventListener('drop', drop, { capture: true })
  }, [])
}

/** Imports what can be, one after the other, and opens the last; what fails meanwhile is told and can be tried again. */
function useImport(onClose: () => void) {
  const { t } = useTranslation('workflow')
  const cache = useQueryClient()
  const [isImporting, setImporting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const done = useRef(new Set<number>())
  const importThem = async (files: ReturnType<typeof useReports>['files']) => {
    setImporting(true)
    setError(null)
    let last: { id: string; name: string } | null = null
    try {
      for (const { key, file, state } of files) {
        if (state.type !== 'read' || done.current.has(key)) continue
        const { replaces } = state.report
        last = await client.workflows.import({ file, ...(replaces && { replaces: replaces.id }) })
        done.current.add(key)
      }
      if (last) {
        showDone(
          files.length === 1 ? t('import.doneOne', { name: last.name }) : t('import.done', { count: files.length }),
        )
        openWorkflow(last.id)
      }
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setImporting(false)
      void cache.invalidateQueries({ queryKey: api.workflows.key() })
    }
  }
  return { isImporting, error, importThem }
}

/** Enter imports: the button has the focus as soon as it can be pressed, unless somebody is elsewhere already. */
function useEnter(mayImport: boolean, importThem: () => void) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (mayImport && !document.activeElement?.closest('a, [data-report]'))
      button.current?.focus({ preventScroll: true })
  }, [mayImport])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isOnControl = event.target instanceof Element && event.target.closest('a, button') !== null
    if (event.key !== 'Enter' || !mayImport || isOnControl) return
    event.preventDefault()
    importThem()
  }
  return { button, onKeyDown }
}

/** Reads workflow files, says what is recognised, missing and refused in each, and imports those that can be. */
export default function ImportDialog({ files: given, onClose }: { files: readonly File[]; onClose: () => void }) {
  const { t } = useTranslation(['workflow', 'common'])
  useReturnFocus()
  const { files, add, isReading } = useReports(given)
  useDropHere(add)
  const { isImporting, error, importThem } = useImport(onClose)
  const ready = files.filter(isImportable)
  const mayImport = ready.length > 0 && !isReading && !isImporting
  const { button, onKeyDown } = useEnter(mayImport, () => void importThem(ready))
  const checkedBy = files.flatMap(({ state }) =>
    state.type === 'read' && state.report.validated ? [state.report.validated.serviceId] : [],
  )[0]
  return (
    <Modal
      opened
      onClose={onClose}
      size={820}
      classNames={{ body: c.body ?? '', content: c.content ?? '', header: c.header ?? '' }}
      title={
        <>
          {t('import.title')}
          {checkedBy !== undefined && <small className={c.by}>{t('import.checkedBy', { service: checkedBy })}</small>}
        </>
      }
      onKeyDown={onKeyDown}
    >
      <Choose isFirst={files.length === 0} onFiles={add} />
      {files.length > 0 && (
        <ul className={c.files} aria-label={t('import.files')} tabIndex={0}>
          {files.map((one) => (
            <FileReport key={one.key} of={one} />
          ))}
        </ul>
      )}
      {error !== null && (
        <div className={c.failure}>
          <Failure error={error} />
        </div>
      )}
      <footer className={c.foot}>
        <span className={c.also}>
          <IconAppWindow size={15} stroke={1.6} aria-hidden />
          {t('import.kinds')}
        </span>
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button
          ref={button}
          disabled={ready.length === 0 || isReading}
          loading={isImporting}
          onClick={() => void importThem(ready)}
        >
          {ready.length > 0 ? t('import.act', { count: ready.length }) : t('import.nothing')}
        </Button>
      </footer>
    </Modal>
  )
}

function Choose({ isFirst, onFiles }: { isFirst: boolean; onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('workflow')
  return (
    <FileButton multiple accept={accepted} onChange={onFiles}>
      {(props) => (
        <div className={c.drop} data-large={isFirst || undefined}>
          <IconUpload size={16} stroke={1.6} aria-hidden />
          <span>{t(isFirst ? 'import.drop' : 'import.dropMore')}</span>
          <Anchor {...props} component="button" type="button" fz="inherit" data-autofocus>
            {t('import.choose')}
          </Anchor>
        </div>
      )}
    </FileButton>
  )
}
