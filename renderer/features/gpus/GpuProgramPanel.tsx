import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuProgram } from '../../../shared/contract'
import { api } from '../../api/query'
import { Panel } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import c from '../../ui/Sheet.module.css'
import { lazyPart } from '../../ui/parts'

const ProgramDialog = lazyPart(() => import('./ProgramDialog'))

const namedBy = ({ setting, environment }: GpuProgram) =>
  setting !== null ? 'setting' : environment !== null ? 'environment' : 'found'

/** The program that reads the GPUs. It is run, so that only administrators see and name it. */
export function GpuProgramPanel() {
  const { t } = useTranslation(['gpus', 'common'])
  const isAdmin = useIsAdmin()
  const program = useQuery({ ...api.gpus.program.queryOptions(), enabled: isAdmin }).data
  const [isOpen, setOpen] = useState(false)
  if (!isAdmin) return null
  const reason = program?.reason && describeReason(program.reason)
  return (
    <Panel title={t('program.title')}>
      {program && (
        <p className={c.text}>
          {program.inUse === null
            ? `${reason?.message ?? t('program.none')} ${reason?.hint ?? ''}`
            : `nvidia-smi, ${t(`program.${namedBy(program)}`)}`}
        </p>
      )}
      {program && program.inUse !== null && (
        <div className={c.path}>
          <code className="mono" title={program.inUse}>
            {program.inUse}
          </code>
          <CopyIcon value={program.inUse} label={t('common:action.copy')} />
        </div>
      )}
      <Button variant="default" onClick={() => setOpen(true)} disabled={!program}>
        {t('program.change')}
      </Button>
      {isOpen && program && (
        <Suspense>
          <ProgramDialog program={program} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </Panel>
  )
}
