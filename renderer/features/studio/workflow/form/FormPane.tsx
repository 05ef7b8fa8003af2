import { Select } from '@mantine/core'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, Workflow, WorkflowDetail } from '../../../../../shared/contract'
import { PanelAction } from '../../../../ui/Panel'
import { showDone } from '../../../../ui/toast'
import s from '../../Studio.module.css'
import { arrange } from '../model/form'
import { changedValues } from '../model/kept'
import type { Target } from '../model/needs'
import { resetValues, setKept, useKept } from '../store'
import c from './Form.module.css'
import { useLabels } from './labels'
import { OtherInputs } from './OtherInputs'
import { PinnedInputs } from './PinnedInputs'
import { RunFoot } from './RunFoot'
import { usePins, type Pins } from './usePins'
import { run } from './run'

interface FormPaneProps {
  detail: WorkflowDetail
  all: readonly Workflow[]
  onOpen: (id: string) => void
  /** Null while it is not known. */
  target: Target | null
  services: readonly Service[]
  /** The node whose inputs were asked for on the map, and when. */
  node: { id: string; at: number } | null
}

/** What the keys do in the form: Ctrl+Enter runs it, Alt+P pins the input that has the focus. */
const onKeys = (pins: Pins, submit: () => void) => (event: KeyboardEvent) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    submit()
  }
  const input = event.target instanceof Element ? event.target.closest('[data-input]') : null
  if (event.code !== 'KeyP' || !event.altKey || !input || !pins.mayPin) return
  event.preventDefault()
  pins.toggle(input.getAttribute('data-input') ?? '')
}

/** The form of a workflow: which one, pinned inputs, all others by node, and where it runs. */
export function FormPane({ detail, all, onOpen, target, services, node }: FormPaneProps) {
  const { t } = useTranslation('workflow')
  const { id } = detail
  const kept = useKept(id)
  const labels = useLabels()
  const pins = usePins(detail)
  const root = useRef<HTMLFormElement>(null)
  const { pinned, nodes } = arrange({ form: detail.form, pinned: pins.pinned })
  const submit = () => {
    if (target?.runs != null) run(detail, target.runs)
  }
  const isChanged = Object.keys(changedValues(detail.form, kept)).length > 0
  const reset = () => {
    resetValues(id)
    showDone(t('form.resetDone'), { undo: () => setKept(id, kept) })
    // Its button goes.
    root.current?.querySelector<HTMLElement>('input, textarea')?.focus({ preventScroll: true })
  }
  const common = { workflowId: id, kept, labels, pins }
  return (
    <form
      ref={root}
      className={s.form}
      aria-label={t('form.label')}
      onKeyDown={onKeys(pins, submit)}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className={s.fields}>
        <Select
          label={t('form.workflow')}
          data={all.map((one) => ({ value: one.id, label: one.name }))}
          value={id}
          searchable={all.length > 8}
          onChange={(value) => value !== null && onOpen(value)}
        />
        <div className={c.section}>
          <h2>{t('form.pinned')}</h2>
          <span>{t('form.count', { count: pinned.length, of: detail.form.length })}</span>
          {isChanged && <PanelAction onClick={reset}>{t('form.reset')}</PanelAction>}
        </div>
        {pinned.length === 0 && <p className={s.note}>{t(pins.mayPin ? 'form.noPins' : 'form.noPinsUser')}</p>}
        <PinnedInputs inputs={pinned} {...common} />
        <OtherInputs root={root} nodes={nodes} asked={node} {...common} />
      </div>
      <RunFoot detail={detail} target={target} services={services} />
    </form>
  )
}
