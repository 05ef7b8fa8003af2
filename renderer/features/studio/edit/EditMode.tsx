import { Button, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconAdjustmentsHorizontal, IconPlus } from '@tabler/icons-react'
import { useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, Task } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { Loaded } from '../../../api/Loaded'
import { api } from '../../../api/query'
import { useIsAdmin } from '../../../api/useSession'
import { Page } from '../../../ui/Page'
import { hrefOf } from '../../../ui/route'
import { Empty, Loading } from '../../../ui/States'
import { useModeSwitch } from '../ModeSwitch'
import { NotifyButton } from '../NotifyButton'
import { PresetsButton } from '../PresetsButton'
import { PromptHistory } from '../PromptHistory'
import { changeEdit, editPlace, formToRun, send, useStudio } from '../store'
import s from '../Studio.module.css'
import { isOver, useGeneration } from '../useGeneration'
import c from './Edit.module.css'
import { EditFormPane } from './EditFormPane'
import { taskFor, type Fit } from './fits'
import { editParams } from './params'
import { useGivePicture, usePaste } from './pictures'
import { ResultPanel } from './ResultPanel'
import { useEditor, useSource, type ReadySource } from './source'
import { SourcePanel } from './SourcePanel'
import { useFits } from './useFits'

/** Changes an image: its source with a mask, and beside it what a model makes of it. */
export default function EditMode() {
  const { t } = useTranslation(['editing', 'studio', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  const isAdmin = useIsAdmin()
  return (
    <Page
      title={t('studio:title')}
      {...useModeSwitch('edit')}
      actions={
        <>
          <NotifyButton />
          <PresetsButton />
        </>
      }
      narrow={{
        header: (
          <>
            <NotifyButton />
            <PresetsButton isIcon />
          </>
        ),
      }}
    >
      <Loaded query={services} loading={<Loading rows={8} height={32} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              icon={IconAdjustmentsHorizontal}
              title={t('studio:empty.title')}
              action={
                isAdmin && (
                  <Button component="a" href={hrefOf('services')} leftSection={<IconPlus size={16} />}>
                    {t('common:action.addService')}
                  </Button>
                )
              }
            >
              {t('studio:empty.text')}
            </Empty>
          ) : (
            <Workplace services={list} />
          )
        }
      </Loaded>
    </Page>
  )
}

/** Gives the mask where there is one, and sends the form. */
function useRun(fit: Fit | null, task: Task | null, source: ReadySource | null) {
  return useMutation({
    mutationFn: async () => {
      if (!fit || !task || !source) return
      const { serviceId, family } = fit
      const form = formToRun()
      const given = task === 'inpaint' ? await client.inputs.upload({ file: await source.editor.file() }) : null
      const mask = given?.id ?? null
      // What ran stays chosen, whatever fits best from now on.
      changeEdit({ serviceId, family: family.id, mask })
      await send(serviceId, editParams(form, { family, task, source, mask }), editPlace)
    },
  })
}

function Workplace({ services }: { services: Service[] }) {
  const { form, shown } = useStudio()
  const source = useSource()
  const ready = source.state === 'ready' ? source : null
  const hasMask = useEditor(ready?.editor ?? null).coverage > 0
  const wanted = { images: form.edit.pictures.length, hasMask }
  const fits = useFits(services, form.edit, wanted)
  const { chosen } = fits
  const task = chosen && taskFor(chosen.family, wanted, form.edit.method)
  const run = useRun(chosen, task, ready)
  const cancel = useMutation(api.generations.cancel.mutationOptions())
  const { generation, preview } = useGeneration(shown[editPlace])
  const running = generation && !isOver(generation) ? generation : null
  const [tab, setTab] = useState<Tab>('source')
  const { give } = useGivePicture()
  usePaste(give)
  return (
    <div className={s.split} data-mode="edit">
      <EditFormPane
        {...{ services, fits, task, source, running }}
        isSending={run.isPending}
        onGenerate={() => {
          setTab('result')
          run.mutate()
        }}
        onCancel={() => running && cancel.mutate({ id: running.id })}
      />
      <div className={c.work}>
        <Pair tab={tab} setTab={setTab}>
          {(which) =>
            which === 'source' ? (
              <SourcePanel source={source} fit={chosen} task={task} />
            ) : (
              <ResultPanel generation={generation} preview={preview} source={source} />
            )
          }
        </Pair>
        <PromptHistory />
      </div>
    </div>
  )
}

const tabs = ['source', 'result'] as const
type Tab = (typeof tabs)[number]

const tight = '(width < 1100px)'
const subscribe = (changed: () => void) => {
  const media = matchMedia(tight)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

interface PairProps {
  tab: Tab
  setTab: (tab: Tab) => void
  children: (which: Tab) => React.ReactNode
}

/** Source and result side by side, or one at a time where there is no room for both. */
function Pair({ tab, setTab, children }: PairProps) {
  const { t } = useTranslation('editing')
  const isTight = useSyncExternalStore(subscribe, () => matchMedia(tight).matches)
  if (!isTight)
    return (
      <div className={c.pair}>
        {children('source')}
        {children('result')}
      </div>
    )
  return (
    <div className={c.single}>
      <SegmentedControl
        fullWidth
        aria-label={t('tabs')}
        data={tabs.map((one) => ({ value: one, label: t(one === 'source' ? 'source.plain' : 'result.title') }))}
        value={tab}
        onChange={setTab}
      />
      {children(tab)}
    </div>
  )
}
