import '@mantine/core/styles/Slider.css'
import { Button, Slider } from '@mantine/core'
import { IconPhotoPlus } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../../../shared/contract'
import { formatTenths } from '../../../i18n/format'
import { StatusIcon } from '../../../ui/Status'
import { AddMenu } from './AddMenu'
import c from './Edit.module.css'
import type { Fit } from './fits'
import { leastSize, mostFeather, mostSize, type MaskEditor } from './mask/editor'
import { MaskStage } from './mask/MaskStage'
import { MaskTools } from './mask/MaskTools'
import { dropTarget, useGivePicture } from './pictures'
import { useEditor, type ReadySource, type Source } from './source'

interface SourcePanelProps {
  source: Source
  fit: Fit | null
  task: Task | null
}

/** The source with its mask: only what is painted may change. */
export function SourcePanel({ source, fit, task }: SourcePanelProps) {
  const { t } = useTranslation('editing')
  const title = useId()
  const { give } = useGivePicture()
  return (
    <section className={c.panel} aria-labelledby={title} {...dropTarget(give, 'source')}>
      <header className={c.head}>
        <h2 id={title}>{t(source.state === 'ready' ? 'source.title' : 'source.plain')}</h2>
        {source.state === 'ready' && <MaskTools key={source.id} editor={source.editor} />}
      </header>
      {source.state === 'ready' ? (
        <>
          <MaskStage key={source.id} source={source} />
          <Controls source={source} fit={fit} task={task} />
        </>
      ) : (
        <NoSource state={source.state} />
      )}
    </section>
  )
}

function NoSource({ state }: { state: Exclude<Source['state'], 'ready'> }) {
  const { t } = useTranslation('editing')
  const { give, isPending } = useGivePicture()
  return (
    <div className={c.drop} aria-busy={state === 'loading' || isPending}>
      <IconPhotoPlus size={28} stroke={1.4} aria-hidden />
      {state === 'loading' ? (
        <p>{t('source.loading')}</p>
      ) : (
        <>
          <b>{t(state === 'gone' ? 'source.gone' : 'source.none')}</b>
          <p>{t(state === 'gone' ? 'source.goneText' : 'source.noneText')}</p>
          <AddMenu onGive={(given) => give(given, 'source')}>
            <Button variant="default" loading={isPending}>
              {t('source.choose')}
            </Button>
          </AddMenu>
        </>
      )}
    </div>
  )
}

function Controls({ source, fit, task }: { source: ReadySource; fit: Fit | null; task: Task | null }) {
  const { t } = useTranslation('editing')
  const { editor } = source
  const { size, feather } = useEditor(editor)
  const { give, isPending } = useGivePicture()
  return (
    <div className={c.under}>
      <div className={c.sliders}>
        <Slide
          label={t('mask.size')}
          value={size}
          min={leastSize}
          max={mostSize}
          onChange={(next) => editor.set({ size: next })}
        />
        <Slide
          label={t('mask.feather')}
          value={feather}
          min={0}
          max={mostFeather}
          onChange={(next) => editor.set({ feather: next })}
        />
      </div>
      <div className={c.underRow}>
        <AddMenu onGive={(given) => give(given, 'source')}>
          <Button
            variant="default"
            className={c.small ?? ''}
            leftSection={<IconPhotoPlus size={14} />}
            loading={isPending}
          >
            {t('source.replace')}
          </Button>
        </AddMenu>
        <Coverage editor={editor} fit={fit} task={task} />
      </div>
    </div>
  )
}

interface SlideProps {
  label: string
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

const Slide = ({ label, value, min, max, onChange }: SlideProps) => (
  <div className={c.slide}>
    <span>{label}</span>
    <Slider
      size={3}
      thumbSize={14}
      label={null}
      thumbLabel={label}
      color="var(--accent-fill)"
      {...{ value, min, max, onChange }}
    />
    <b>{value} px</b>
  </div>
)

/** How much may change; said where the chosen family pays no heed to the mask. */
function Coverage({ editor, fit, task }: { editor: MaskEditor; fit: Fit | null; task: Task | null }) {
  const { t } = useTranslation('editing')
  const { coverage } = useEditor(editor)
  if (coverage > 0 && fit && task !== 'inpaint')
    return (
      <span className={c.warning} role="status">
        <StatusIcon of="warning" />
        {t('mask.unused', { family: fit.family.title })}
      </span>
    )
  return (
    <span className={c.end} role="status">
      {coverage === 0 ? (
        t('mask.none')
      ) : (
        <>
          {t('mask.covers')} <b>{t('mask.percent', { n: formatTenths(coverage * 100) })}</b>
        </>
      )}
    </span>
  )
}
