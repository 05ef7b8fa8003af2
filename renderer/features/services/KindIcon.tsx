import { IconHammer, IconTopologyStar3 } from '@tabler/icons-react'
import type { ServiceKind } from '../../../shared/contract'
import c from './KindIcon.module.css'

/** The mark of a kind of service in its tile: ComfyUI's graph, Forge's hammer. */
export function KindIcon({ kind, size = 18 }: { kind: ServiceKind; size?: number }) {
  const I = kind === 'comfyui' ? IconTopologyStar3 : IconHammer
  return (
    <span className={c.kind} aria-hidden>
      <I size={size} stroke={1.6} />
    </span>
  )
}
