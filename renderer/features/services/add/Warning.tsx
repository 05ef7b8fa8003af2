import type { ReactNode } from 'react'
import { StatusIcon } from '../../../ui/Status'
import c from './Add.module.css'

/** What is to be known before one goes on. */
export const Warning = ({ children }: { children: ReactNode }) => (
  <section className={c.notice} data-tone="warn">
    <StatusIcon of="warning" />
    <div>{children}</div>
  </section>
)
