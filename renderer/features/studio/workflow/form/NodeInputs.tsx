import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NodeInputs as OneNode } from '../model/form'
import type { Kept } from '../model/kept'
import c from './Form.module.css'
import { InputField } from './InputField'
import type { Labels } from './labels'
import { PinButton } from './PinButton'
import type { Pins } from './usePins'

interface NodeInputsProps {
  of: OneNode
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
  workflowId: string
  kept: Kept
  labels: Labels
  pins: Pins
}

/** The inputs of one node that are not pinned, folded under its name. */
export function NodeInputs({ of, isOpen, onToggle, workflowId, kept, labels, pins }: NodeInputsProps) {
  const { t } = useTranslation('workflow')
  const { node, title, inputs, all, pinned } = of
  return (
    <section className={c.node} data-fold={node}>
      <button type="button" className={c.nodeHead} aria-expanded={isOpen} onClick={() => onToggle(!isOpen)}>
        {isOpen ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        <b className="ellipsis">{title}</b>
        <span>
          {t('node', { node })}
          {', '}
          {pinned > 0 ? t('form.nodePinned', { count: pinned, of: all }) : t('form.inputs', { count: all })}
        </span>
      </button>
      {isOpen && (
        <div className={c.inputs}>
          {inputs.map((input) => {
            const name = labels.nameOf(input)
            return (
              <div
                key={input.id}
                data-input={input.id}
                data-wide={input.multiline || input.type === 'image' || undefined}
              >
                <label htmlFor={`in-${input.id}`} className="ellipsis" title={name}>
                  {name}
                </label>
                <InputField workflowId={workflowId} input={input} kept={kept} name={name} />
                {pins.mayPin && <PinButton isOn={false} name={name} onClick={() => pins.toggle(input.id)} />}
              </div>
            )
          })}
        </div>
      )}
    </section>
  )
}
