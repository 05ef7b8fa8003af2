import { CopyIcon } from './States'
import c from './CodeBlock.module.css'

interface CodeBlockProps {
  children: string
  /** What it is, for the copy button and a screen reader. */
  name: string
  copyLabel: string
  /** What the button copies, where it is more than is shown. */
  copies?: string
}

/** What a machine reads, with its copy button. Wide lines scroll in it. */
export function CodeBlock({ children, name, copyLabel, copies = children }: CodeBlockProps) {
  return (
    <div className={c.code}>
      <pre className="mono" tabIndex={0} role="region" aria-label={name}>
        {children}
      </pre>
      <CopyIcon value={copies} label={copyLabel} />
    </div>
  )
}
