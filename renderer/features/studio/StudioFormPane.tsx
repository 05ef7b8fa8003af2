import { Button, NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { maxPromptLength, type Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { formatList, formatTenths } from '../../i18n/format'
import { familyOf, ignoresNegative, sizesFor, smokeId, usualSize } from './families'
import { setServiceParam, type StudioForm } from './form'
import { NoKnownModels } from './NoKnownModel'
import { PerService } from './PerService'
import { PromptFields } from './PromptFields'
import { SeedField } from './SeedField'
import { ServiceChoice } from './ServiceChoice'
import { SizeFields } from './SizeFields'
import { FitWarning } from '../services/FitWarning'
import { changeForm, generate, useStudio } from './store'
import c from './Studio.module.css'
import { lazyPart } from '../../ui/parts'
import { useCapabilities } from './useCapabilities'
import { SubmitForm } from './SubmitForm'

const Loras = lazyPart(() => import('./Loras'))

interface StudioFormPaneProps {
  services: Service[]
  /** Ids of the services that a run goes to. */
  running: string[]
}

/** What to generate, and on which services. Ctrl+Enter runs it from any field. */
export function StudioFormPane({ services, running }: StudioFormPaneProps) {
  const { t } = useTranslation('studio')
  const { form, sending } = useStudio()
  const [wasAsked, setAsked] = useState(false)
  const prompt = useRef<HTMLTextAreaElement>(null)
  const { models, ignoring, offered } = useModels(running, form)
  const isMissing = form.prompt.trim() === ''
  const isTooLong = form.prompt.length > maxPromptLength
  const submit = () => {
    setAsked(true)
    if (isMissing || isTooLong) prompt.current?.focus()
    else if (running.length > 0) generate(running, ignoring)
  }
  const promptIssue = isTooLong
    ? t('form.promptTooLong', { max: maxPromptLength })
    : wasAsked && isMissing && t('generate.needPrompt')
  return (
    <SubmitForm label={t('form.label')} onSend={submit}>
      <div className={c.fields}>
        <PromptFields
          ref={prompt}
          form={form}
          issue={promptIssue}
          ignoring={{
            names: [...new Set(ignoring.map((id) => models.get(id)?.title ?? id))],
            isAll: running.length > 0 && ignoring.length === running.length,
          }}
        />
        <ServiceChoice services={services} models={models} />
        <NoKnownModels ids={running} />
        <SizeFields
          form={form}
          sizes={sizesFor(running.map((id) => models.get(id) ?? null))}
          usual={usualSize([...models.values()])}
        />
        <SeedField />
        <ImagesField form={form} />
        <Suspense>
          {offered.map(({ id, loras }) => (
            <Loras
              key={id}
              there={loras}
              loras={form.perService[id]?.loras ?? []}
              {...(running.length > 1 && { serviceId: id })}
              onChange={(next) => changeForm(setServiceParam(form, id, ['loras', next.length > 0 ? next : undefined]))}
            />
          ))}
        </Suspense>
        <PerService ids={running} />
      </div>
      <footer className={c.run}>
        {running.map((id) => (
          <FitWarning key={id} serviceId={id} />
        ))}
        <GenerateButton count={running.length} isSending={sending.size > 0} />
        <LastTimes running={running} />
      </footer>
    </SubmitForm>
  )
}

/** What a run goes to: the model of each service, as far as it is known, and what these leave unread or may add. */
function useModels(running: readonly string[], form: StudioForm) {
  const found = useCapabilities(running)
  const all = running.map((id, index) => {
    const own = form.perService[id] ?? {}
    const capabilities = found[index]?.data
    return { id, own, capabilities, model: capabilities ? familyOf(capabilities, own) : null }
  })
  return {
    models: new Map(all.map(({ id, model }) => [id, model])),
    ignoring: all.filter(({ model, own: { cfg } }) => ignoresNegative(model, cfg)).map(({ id }) => id),
    offered: all.flatMap(({ id, own, capabilities, model }) => {
      const there = capabilities?.loras ?? []
      // What was chosen before stays in sight, for it would be sent.
      const isShown =
        own.loras !== undefined || (there.length > 0 && own.workflow !== smokeId && model?.takesLoras !== false)
      return isShown ? [{ id, loras: there }] : []
    }),
  }
}

function GenerateButton({ count, isSending }: { count: number; isSending: boolean }) {
  const { t } = useTranslation('studio')
  return (
    <Button
      type="submit"
      fullWidth
      className={c.generate}
      leftSection={<IconPlayerPlayFilled size={14} />}
      rightSection={
        <span className={c.keys} aria-hidden>
          {t('generate.keys')}
        </span>
      }
      aria-keyshortcuts="Control+Enter"
      disabled={count === 0}
      loading={isSending}
    >
      {count > 1 ? t('generate.many', { count }) : t('generate.one')}
    </Button>
  )
}

/** How long the last picture took on each of the services, as what to expect. */
function LastTimes({ running }: { running: string[] }) {
  const { t } = useTranslation('studio')
  const recent = useQuery(api.generations.list.queryOptions({ input: { limit: 50 } })).data?.items ?? []
  if (running.length === 0) return <span className="dim">{t('generate.needService')}</span>
  const times = running.map((id) => {
    const last = recent.find((one) => one.serviceId === id && one.state === 'succeeded' && !one.cached)
    // What waited before it says nothing about the service.
    return last?.timings.totalMs == null ? null : last.timings.totalMs - (last.timings.queueMs ?? 0)
  })
  const known = times.filter((ms) => ms !== null)
  if (known.length < times.length) return <span>&nbsp;</span>
  return (
    <span className="dim">
      {t('generate.last', { times: formatList(known.map((ms) => `${formatTenths(ms / 1000)} s`)) })}
    </span>
  )
}

function ImagesField({ form }: { form: StudioForm }) {
  const { t } = useTranslation('studio')
  return (
    <NumberInput
      label={t('form.images')}
      value={form.images}
      min={1}
      max={8}
      allowDecimal={false}
      clampBehavior="strict"
      onChange={(value) => typeof value === 'number' && value >= 1 && changeForm({ images: value })}
    />
  )
}
