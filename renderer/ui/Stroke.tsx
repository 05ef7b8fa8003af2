interface StrokeProps {
  d: string
  size: number
  className?: string | undefined
  /** Left out where words beside it say the same. */
  label?: string
  /** The state that it stands for. */
  state?: string
}

/**
 * An icon of several strokes as one path: a list has many, and each element of it is styled and laid out. The strokes are
 * those of the icon in `@tabler/icons-react`.
 */
export function Stroke({ d, size, className, label, state }: StrokeProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
      data-state={state}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <path d={d} />
    </svg>
  )
}
