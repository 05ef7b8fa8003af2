import {
  cloneElement,
  useEffect,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react'

/** What draws it is two thirds of the first page's own code: it is fetched when a pointer first comes to something. */
export const fetchTooltips = () => import('./TooltipBox')
type TooltipBox = Awaited<ReturnType<typeof fetchTooltips>>['default']

/** A pointer rests so long, in ms, before the words are shown. */
const delayMs = 400

interface Pointed {
  onFocus?: (event: FocusEvent<HTMLElement>) => void
  onBlur?: (event: FocusEvent<HTMLElement>) => void
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void
  onPointerLeave?: (event: PointerEvent<HTMLElement>) => void
}

export interface TooltipProps {
  label: ReactNode
  disabled?: boolean
  /** Breaks its lines, at most `maw` px wide. */
  multiline?: boolean
  maw?: number
  /** Touch and keyboard show it too, where nothing else tells the same. */
  always?: boolean
  children: ReactElement<Pointed>
}

/** Words beside what a mouse points at; Escape takes them away. Nothing may be said in them alone. */
export function Tooltip({ children, disabled = false, always = false, ...box }: TooltipProps) {
  const [Box, setBox] = useState<TooltipBox | null>(null)
  const [target, setTarget] = useState<HTMLElement | null>(null)
  const [isOver, setOver] = useState(false)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (!isOver) return
    const leave = ({ key }: KeyboardEvent) => key === 'Escape' && setOver(false)
    const timer = setTimeout(() => setOpen(true), delayMs)
    addEventListener('keydown', leave)
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', leave)
      setOpen(false)
    }
  }, [isOver])
  const { onPointerEnter, onPointerLeave } = children.props
  const enter = (element: HTMLElement) => {
    setTarget(element)
    setOver(true)
    // Words beside something are no reason for the page to fail: what cannot be fetched now is asked for at the next time.
    void fetchTooltips().then(
      (fetched) => setBox(() => fetched.default),
      () => undefined,
    )
  }
  const focusing: Pointed = {
    onFocus: ({ currentTarget }) => currentTarget.matches(':focus-visible') && enter(currentTarget),
    onBlur: () => setOver(false),
  }
  return (
    <>
      {cloneElement(children, {
        onPointerEnter: (event) => {
          onPointerEnter?.(event)
          if (always || event.pointerType === 'mouse') enter(event.currentTarget)
        },
        onPointerLeave: (event) => {
          onPointerLeave?.(event)
          setOver(false)
        },
        ...(always && focusing),
      })}
      {Box && target && !disabled && <Box {...box} target={target} opened={isOpen} />}
    </>
  )
}
