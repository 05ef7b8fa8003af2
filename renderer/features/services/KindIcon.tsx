import { IconHammer, IconTopologyStar3 } from '@tabler/icons-react'
import type { ServiceKind } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import c from './KindIcon.module.css'

const icons = { graph: IconTopologyStar3, hammer: IconHammer } as const

/** The mark of a kind of service alone: in a line of text, where the name follows. */
export function KindMark({ kind, size = 18 }: { kind: ServiceKind; size?: number }) {
  const I = icons[kinds[kind].icon]
  return <I size={size} stroke={1.6} aria-hidden />
}

/** The mark of a kind of service in its tile. */
export function KindIcon({ kind, size = 18 }: { kind: ServiceKind; size?: number }) {
  return (
    <span className={c.kind} aria-hidden>
      <KindMark kind={kind} size={size} />
    </span>
  )
}
