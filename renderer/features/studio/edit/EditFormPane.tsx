import '@mantine/core/styles/Slider.css'
import { Button, SegmentedControl, Slider } from '@mantine/core'
import { IconPlayerPlayFilled, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { maxPromptLength, mostInputImages, type Generation, type Service, type Task } from '../../../../shared/contract'
import { formatTenths } from '../../../i18n/format'
import { ignoresNegative } from '../families'
import Loras from '../Loras'
import { PromptFields } from '../PromptFields'
import { SeedField } from '../SeedField'
import { WaysToReady } from '../ServiceChoice'
import { changeEdit, editPlace, useStudio } from '../store'
import s from '../Studio.module.css'
import { Advanced } from './Advanced'
import { AspectField } from './AspectField'
import c from './Edit.module.css'
import { Families } from './Families'
import { hasBothWays, type Fit } from './fits'
import { Pictures } from './Pictures'
import type { Source } from './source'
import { useCardMemory, type Fits } from './useFits'
import { SubmitForm } from '../SubmitForm'

interface EditFormPaneProps {
  services: Service[]
  fits: Fits
  task: Task | null
  source: Source
  /** The one that runs now. */
  running: Generation | null
  isSending: boolean
  onGenerate: () => void
  onCancel: () => void
}

/** How the source is to be changed, by which model. Ctrl+Enter runs it from any field. */
export function EditFormPane(props: EditFormPaneProps) {
  const { t } = useTranslation(['editing', 'studio'])
  const { services, fits, task, source } = props
  const { form } = useStudio()
  const memoryOf = useCardMemory(services)
  const { prompt, issue, submit } = useSubmit(props)
  const { chosen, offering } = fits
  const isNegativeIgnored = chosen !== null && ignoresNegative(chosen.family, form.edit.params.cfg)
  const used = chosen === null ? mostInputImages : task === 'edit' ? chosen.family.mostImages : 1
  return (
    <SubmitForm label={t('form')} onSend={submit}>
      <div className={s.fields}>
        <Families fits={fits.fits} chosen={chosen} memoryOf={memoryOf} />
        {chosen === null && !fits.isAsking && <WaysToReady services={services} />}
        <PromptFields
          ref={prompt}
          form={form}
          issue={issue}
          placeholder={t('prompt')}
          ignoring={{ names: chosen && isNegativeIgnored ? [chosen.family.title] : [], isAll: isNegativeIgnored }}
        />
        <Pictures fit={chosen} used={used} />
        {task !== 'inpaint' && <WayField fit={chosen} />}
        {chosen && (task === 'image' || task === 'inpaint') && <StrengthField fit={chosen} />}
        {offering && chosen?.family.takesLoras === true && (
          <Loras
            there={offering.capabilities.loras}
            loras={form.edit.params.loras ?? []}
            onChange={(loras) => changeEdit({ params: { ...form.edit.params, loras } })}
          />
        )}
        {chosen && task && source.state === 'ready' && (
          <AspectField family={chosen.family} task={task} source={source} />
        )}
        <SeedField />
        {offering && chosen && <Advanced fit={chosen} offering={offering} />}
      </div>
      <Foot {...props} />
    </SubmitForm>
  )
}

/** Runs what can be run, and says what is wrong with the prompt where that is why it cannot. */
function useSubmit({ fits, source, running, onGenerate }: EditFormPaneProps) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const [wasAsked, setAsked] = useState(false)
  const prompt = useRef<HTMLTextAreaElement>(null)
  const isMissing = form.prompt.trim() === ''
  const isTooLong = form.prompt.length > maxPromptLength
  const submit = () => {
    setAsked(true)
    if (isMissing || isTooLong) prompt.current?.focus()
    else if (source.state === 'ready' && fits.chosen && !running) onGenerate()
  }
  const issue = isTooLong
    ? t('form.promptTooLong', { max: maxPromptLength })
    : wasAsked && isMissing && t('generate.needPrompt')
  return { prompt, issue, submit }
}

/** By an instruction, or by a strength: of a family that can do both. */
function WayField({ fit }: { fit: Fit | null }) {
  const { t } = useTranslation('editing')
  const { method } = useStudio().form.edit
  if (!fit || !hasBothWays(fit.family)) return null
  return (
    <div className={s.group}>
      <span className={s.legend}>{t('way.label')}</span>
      <SegmentedControl
        fullWidth
        aria-label={t('way.label')}
        data={(['instruction', 'strength'] as const).map((one) => ({ value: one, label: t(`way.${one}`) }))}
        value={method}
        onChange={(next) => changeEdit({ method: next })}
      />
    </div>
  )
}

function StrengthField({ fit }: { fit: Fit }) {
  const { t } = useTranslation('editing')
  const { edit } = useStudio().form
  const value = edit.strength ?? fit.family.defaults.strength ?? 1
  return (
    <div className={s.group}>
      <span className={s.legend}>
        {t('strength.label')}
        <span>{value.toFixed(2)}</span>
      </span>
      <Slider
        size={3}
        thumbSize={14}
        label={null}
        thumbLabel={t('strength.label')}
        color="var(--accent-fill)"
        min={0}
        max={1}
        step={0.05}
        value={value}
        onChange={(next) => changeEdit({ strength: Math.round(next * 100) / 100 })}
      />
      <p className={c.hint}>{t('strength.note')}</p>
    </div>
  )
}

function Foot({ fits, source, running, isSending, onCancel }: EditFormPaneProps) {
  const { t } = useTranslation(['editing', 'studio'])
  const { sending } = useStudio()
  const { chosen } = fits
  if (running)
    return (
      <footer className={s.run}>
        <Button variant="default" fullWidth className={s.generate} leftSection={<IconX size={15} />} onClick={onCancel}>
          {t('studio:result.cancel')}
        </Button>
      </footer>
    )
  return (
    <footer className={s.run}>
      <Button
        type="submit"
        fullWidth
        className={s.generate}
        leftSection={<IconPlayerPlayFilled size={14} />}
        rightSection={
          <span className={s.keys} aria-hidden>
            {t('studio:generate.keys')}
          </span>
        }
        aria-keyshortcuts="Control+Enter"
        disabled={!chosen || source.state !== 'ready'}
        loading={isSending || sending.has(editPlace)}
      >
        {t('studio:generate.one')}
      </Button>
      <span className="dim">
        {chosen === null
          ? t(fits.isAsking ? 'foot.asking' : 'foot.noFamily')
          : source.state !== 'ready'
            ? t('foot.noSource')
            : chosen.measuredMs === null
              ? t('foot.on', { service: chosen.serviceId })
              : t('foot.about', { seconds: formatTenths(chosen.measuredMs / 1000), service: chosen.serviceId })}
      </span>
    </footer>
  )
}
