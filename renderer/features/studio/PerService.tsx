import { Button, NumberInput, Select } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capabilities, ServiceParams } from '../../../shared/contract'
import { formatList } from '../../i18n/format'
import { defaultsWith, familyChoices, familyOf, smokeId, type FamilyChoice } from './families'
import { setServiceParam } from './form'
import { changeForm, setForm, useStudio } from './store'
import c from './Studio.module.css'
import { Tooltip } from '../../ui/Tooltip'
import { useCapabilities } from './useCapabilities'

interface Column {
  id: string
  capabilities: Capabilities | undefined
  own: ServiceParams
}

const openKey = 'regie.studio.per-service'

/** What may differ between services, with their own defaults and lists; empty fields take the default. */
export function PerService({ ids }: { ids: string[] }) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const [isOpen, setOpen] = useState(() => localStorage.getItem(openKey) !== 'closed')
  const body = useId()
  const found = useCapabilities(ids)
  const columns = ids.map((id, index) => ({
    id,
    capabilities: found[index]?.data,
    own: form.perService[id] ?? {},
  }))
  const isChanged = columns.some(({ own }) => Object.keys(own).length > 0)
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  const reset = () =>
    changeForm({ perService: Object.fromEntries(Object.entries(form.perService).filter(([id]) => !ids.includes(id))) })
  return (
    <section className={c.perService}>
      <div className={c.perHead}>
        <button
          type="button"
          className={c.more}
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => {
            localStorage.setItem(openKey, isOpen ? 'closed' : 'open')
            setOpen(!isOpen)
          }}
        >
          <Chevron size={14} aria-hidden />
          {t(ids.length === 1 ? 'form.forService' : 'form.perService')}
        </button>
        {isOpen && isChanged && (
          <Button variant="subtle" color="gray" className={c.small} onClick={reset}>
            {t('form.reset')}
          </Button>
        )}
      </div>
      <div id={body} hidden={!isOpen}>
        {columns.length === 0 ? <p className={c.note}>{t('form.noParameters')}</p> : <Table columns={columns} />}
      </div>
    </section>
  )
}

const rows = ['workflow', 'checkpoint', 'steps', 'cfg', 'sampler', 'scheduler'] as const
type RowName = (typeof rows)[number]

function Table({ columns }: { columns: Column[] }) {
  const { t } = useTranslation('studio')
  const hasFamilies = columns.some(({ capabilities }) => capabilities && familyChoices(capabilities).length > 0)
  return (
    <table className={c.params}>
      {columns.length > 1 && (
        <thead>
          <tr>
            <th />
            {columns.map(({ id }) => (
              <th key={id} scope="col" title={id}>
                {id}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows
          .filter((name) => name !== 'workflow' || hasFamilies)
          .map((name) => (
            <tr key={name}>
              <th scope="row">
                <Tooltip label={t(`param.${name}Note`)} multiline maw={260}>
                  <span>{t(`param.${name}`)}</span>
                </Tooltip>
              </th>
              {columns.map((column) => (
                <td key={column.id}>
                  <Field name={name} column={column} />
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  )
}

function Field({ name, column }: { name: RowName; column: Column }) {
  const { t } = useTranslation('studio')
  const label = t('param.on', { param: t(`param.${name}`), service: column.id })
  if (name === 'steps' || name === 'cfg') return <NumberField name={name} column={column} label={label} />
  return <ChoiceField name={name} column={column} label={label} />
}

/** A workflow that is no family, and another file than the usual one, bring defaults that only the service knows. */
const hasOtherDefaults = ({ own: { workflow, checkpoint }, capabilities }: Column) =>
  (workflow !== undefined && capabilities?.families.every(({ id }) => id !== workflow)) ||
  (checkpoint !== undefined && checkpoint !== capabilities?.defaults.checkpoint)

interface FieldProps<N> {
  name: N
  column: Column
  label: string
}

function NumberField({ name, column, label }: FieldProps<'steps' | 'cfg'>) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const { own, capabilities, id } = column
  const usual = capabilities && defaultsWith(capabilities, own.workflow)[name]
  const isSteps = name === 'steps'
  return (
    <NumberInput
      aria-label={label}
      value={own[name] ?? ''}
      placeholder={hasOtherDefaults(column) ? t('form.byModel') : usual === undefined ? '' : String(usual)}
      min={isSteps ? 1 : 0}
      max={isSteps ? 150 : 30}
      step={isSteps ? 1 : 0.5}
      allowDecimal={!isSteps}
      decimalScale={isSteps ? 0 : 1}
      allowNegative={false}
      clampBehavior="strict"
      hideControls
      onChange={(value) => setForm(setServiceParam(form, id, [name, typeof value === 'number' ? value : undefined]))}
    />
  )
}

function ChoiceField({ name, column, label }: FieldProps<ChoiceName>) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const { own, id } = column
  const choices = choicesOf(name, column).map(({ value, title, missing }) => ({
    value,
    label: name === 'workflow' && value === smokeId ? t('param.smoke') : title,
    disabled: missing.length > 0,
    lacks: missing.length > 0 ? t('param.missing', { names: formatList(missing) }) : null,
  }))
  const usual = usualOf(name, column)
  const isByModel = name !== 'workflow' && name !== 'checkpoint' && hasOtherDefaults(column)
  const chosen = own[name]
  // What was kept from another time may no longer be there; the service says so when it is sent.
  const isGone = chosen !== undefined && !choices.some(({ value }) => value === chosen)
  if (choices.length === 0) return <span className={c.noChoice}>–</span>
  return (
    <Select
      aria-label={label}
      data={[
        { value: '', label: isByModel || usual === null ? t('form.byModel') : t('form.defaultIs', { value: usual }) },
        ...choices,
        ...(isGone ? [{ value: chosen, label: chosen }] : []),
      ]}
      value={chosen ?? null}
      placeholder={isByModel ? t('form.byModel') : (usual ?? '')}
      searchable={choices.length > 12}
      comboboxProps={{ width: name === 'workflow' ? 340 : 'max-content', position: 'bottom-end' }}
      renderOption={({ option }) => (
        <span className={c.choice}>
          {option.label}
          <small>{choices.find(({ value }) => value === option.value)?.lacks}</small>
        </span>
      )}
      onChange={(value) => {
        const asked = setServiceParam(form, id, [name, value === null || value === '' ? undefined : value])
        // A file of another family would contradict it.
        setForm(name === 'workflow' ? setServiceParam(asked, id, ['checkpoint', undefined]) : asked)
      }}
    />
  )
}

type ChoiceName = 'workflow' | 'checkpoint' | 'sampler' | 'scheduler'

/** What stands in an empty field: the service's default, by the title of a family. */
function usualOf(name: ChoiceName, { own, capabilities }: Column): string | null {
  if (!capabilities) return null
  const usual = defaultsWith(capabilities, own.workflow)[name]
  if (name !== 'workflow') return name === 'checkpoint' && own.workflow !== undefined ? null : usual
  return familyOf(capabilities, { checkpoint: own.checkpoint })?.title ?? (own.checkpoint === undefined ? usual : null)
}

function choicesOf(name: ChoiceName, { own, capabilities }: Column): FamilyChoice[] {
  const plain = (values: string[] = []) => values.map((value) => ({ value, title: value, missing: [] }))
  switch (name) {
    case 'workflow':
      return capabilities ? familyChoices(capabilities) : []
    case 'checkpoint': {
      const family = capabilities?.families.find(({ id }) => id === own.workflow)
      return plain(family?.checkpoints ?? capabilities?.checkpoints)
    }
    case 'sampler':
      return plain(capabilities?.samplers)
    case 'scheduler':
      return plain(capabilities?.schedulers)
  }
}
