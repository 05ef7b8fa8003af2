import { hrefOf } from '../../../ui/route'
import type { Names } from './useNames'
import c from './OneCard.module.css'

interface ServiceLinkProps {
  id: string
  names: Names
  className?: string | undefined
}

/** A service by its name; it leads to its page. */
export function ServiceLink({ id, names, className = '' }: ServiceLinkProps) {
  const name = names.service(id)
  return (
    <a className={`ellipsis ${c.service} ${className}`} href={hrefOf('services', id)} title={name}>
      {name}
    </a>
  )
}
