import { IconGripVertical } from '@tabler/icons-react'
import { useRef, useState, type PointerEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowInput } from '../../../../../shared/contract'
import { isShort, moved, sharedNames } from '../model/form'
import type { Kept } from '../model/kept'
import c from './Form.module.css'
import { InputField } from './InputField'
import type { Labels } from './labels'
import { PinButton } from './PinButton'
import type { Pins } from './usePins'

interface PinnedInputsProps {
  workflowId: string
  inputs: readonly WorkflowInput[]
  kept: Kept
  labels: Labels
  pins: Pins
}

/** The element that lies nearest to a point. */
function nearest(elements: readonly Element[], x: number, y: number): number {
  const far = elements.map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return Math.hypot(left + width / 2 - x, top + height / 2 - y)
  })
  return far.indexOf(Math.min(...far))
}

/** Moves the input that is dragged by its grip to where the pointer is; the order is kept when it is let go. */
function useDragging(list: RefObject<HTMLUListElement | null>, pins: Pins) {
  const [dragged, setDragged] = useState<string | null>(null)
  const drop = () => {
    if (dragged === null) return
    setDragged(null)
    pins.keep(pins.pinned)
  }
  const drag = (event: PointerEvent) => {
    if (dragged === null || !list.current) return
    const to = nearest([...list.current.children], event.clientX, event.clientY)
    const from = pins.pinned.indexOf(dragged)
    if (to !== from) pins.show(moved(pins.pinned, from, to))
  }
  const gripOf = (id: string) => ({
    onPointerDown: (event: PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      setDragged(id)
    },
    onPointerMove: drag,
    onPointerUp: drop,
    onPointerCancel: drop,
  })
  return { dragged, gripOf }
}

/** Inputs in the order of pinning; that is changed by dragging, or by the arrow keys on a grip. */
export function PinnedInputs({ workflowId, inputs, kept, labels, pins }: PinnedInputsProps) {
  const { t } = useTranslation('workflow')
  const list = useRef<HTMLUListElement>(null)
  const { dragged, gripOf } = useDragging(list, pins)
  const [told, setTold] = useState('')
  const shared = sharedNames(inputs, labels.nameOf)
  const move = (input: WorkflowInput, by: number) => {
    const to = pins.pinned.indexOf(input.id) + by
    if (to < 0 || to >= inputs.length) return
    pins.move(input.id, by)
    setTold(t('pin.moved', { input: labels.nameOf(input), place: to + 1, of: inputs.length }))
  }
  return (
    <>
      <ul className={c.pinned} ref={list} aria-label={t('form.pinned')}>
        {inputs.map((input) => {
          const name = labels.nameOf(input)
          return (
            <li
              key={input.id}
              data-input={input.id}
              data-node={input.node}
              data-short={isShort(input) || undefined}
              data-dragged={dragged === input.id || undefined}
            >
              <div className={c.label}>
                <label htmlFor={`in-${input.id}`} className="ellipsis" title={name}>
                  {name}
                </label>
                {shared.has(name) && <span className="ellipsis">{input.nodeTitle}</span>}
                {pins.mayPin && (
                  <span className={c.labelTools}>
                    {inputs.length > 1 && (
                      <Grip name={name} onMove={(by) => move(input, by)} pointer={gripOf(input.id)} />
                    )}
                    <PinButton isOn name={name} onClick={() => pins.toggle(input.id)} />
                  </span>
                )}
              </div>
              <InputField workflowId={workflowId} input={input} kept={kept} name={name} />
            </li>
          )
        })}
      </ul>
      <span className="visually-hidden" role="status">
        {told}
      </span>
    </>
  )
}

interface GripProps {
  name: string
  onMove: (by: number) => void
  pointer: ReturnType<ReturnType<typeof useDragging>['gripOf']>
}

function Grip({ name, onMove, pointer }: GripProps) {
  const { t } = useTranslation('workflow')
  return (
    <button
      type="button"
      className={c.grip}
      aria-label={t('pin.move', { input: name })}
      aria-keyshortcuts="ArrowUp ArrowDown"
      {...pointer}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        onMove(event.key === 'ArrowUp' ? -1 : 1)
      }}
    >
      <IconGripVertical size={14} stroke={1.6} />
    </button>
  )
}
