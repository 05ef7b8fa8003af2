import { Button, Modal } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundParams } from '../../../../shared/png-parameters'
import { useIsAdmin } from '../../../api/useSession'
import { lazyPart } from '../../../ui/parts'
import { Facts } from '../../../ui/Panel'
import { navigate, useHashRoute } from '../../../ui/route'
import { showFailed } from '../../../ui/toast'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import { destinationOf, type Destination } from './destination'
import { takeFound } from './take-found'
import c from '../Presets.module.css'

const ImportDialog = lazyPart(() => import('../workflow/import/ImportDialog'))

/** Larger files are not read, in bytes. */
const mostBytes = 200 * 2 ** 20

/** Reads dropped files: an image offers the parameters that made it, a workflow is imported. */
export default function DroppedDialog({ files, onClose }: { files: File[]; onClose: () => void }) {
  const { t } = useTranslation('studio')
  const mayImport = useIsAdmin()
  const { page, query } = useHashRoute()
  const atWorkflows = page === 'studio' && query.get('mode') === 'workflow'
  const [there, setThere] = useState<Destination | null>(null)
  useEffect(() => {
    let isGone = false
    const read = async () => {
      const dropped = await Promise.all(
        files.map(async (file) => ({
          name: file.name,
          bytes: file.size > mostBytes ? null : new Uint8Array(await file.arrayBuffer()),
        })),
      )
      if (isGone) return
      const destination = destinationOf(dropped, { mayImport, atWorkflows })
      if (destination.type === 'nothing') {
        showFailed(t('dropped.none', { file: files[0]?.name.slice(0, 80) ?? '' }), t('dropped.noneHint'))
        onClose()
      } else setThere((before) => before ?? destination)
    }
    // A folder cannot be read as a file.
    read().catch(() => onClose())
    return () => {
      isGone = true
    }
  }, [files, onClose, t, mayImport, atWorkflows])
  const [file] = files
  if (there?.type === 'import') {
    return (
      <Suspense>
        <ImportDialog files={files} onClose={onClose} />
      </Suspense>
    )
  }
  if (there?.type !== 'parameters' || !file) return null
  const importIt = there.hasGraph ? { onImport: () => setThere({ type: 'import' }) } : {}
  return <Offer found={there.found} name={file.name} onClose={onClose} {...importIt} />
}

interface OfferProps {
  found: FoundParams
  name: string
  onClose: () => void
  /** Where it carries a workflow. */
  onImport?: () => void
}

function Offer({ found, name, onClose, onImport }: OfferProps) {
  const { t } = useTranslation(['studio', 'common'])
  useReturnFocus()
  const { prompt, negativePrompt, seed, width, height, steps, cfg, sampler, scheduler, checkpoint } = found
  const text = (value: string | number | undefined) => (value === undefined ? null : String(value))
  const use = () => {
    void takeFound(found)
    navigate('studio')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('dropped.title', { file: name.slice(0, 80) })} size={520}>
      <Facts
        labelWidth={124}
        rows={[
          [t('form.prompt'), text(prompt)],
          [t('form.leaveOut'), text(negativePrompt)],
          [t('form.seed'), text(seed)],
          [t('dropped.size'), width !== undefined && height !== undefined ? `${width} × ${height}` : null],
          [t('param.steps'), text(steps)],
          [t('param.cfg'), text(cfg)],
          [t('param.sampler'), text(sampler)],
          [t('param.scheduler'), text(scheduler)],
          [t('param.checkpoint'), text(checkpoint)],
        ]}
      />
      <footer className={c.foot}>
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        {onImport && (
          <Button variant="default" onClick={onImport}>
            {t('dropped.import')}
          </Button>
        )}
        <Button data-autofocus onClick={use}>
          {t('dropped.use')}
        </Button>
      </footer>
    </Modal>
  )
}
