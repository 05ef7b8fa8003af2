import {
  IconAlertTriangle,
  IconAlertTriangleFilled,
  IconBan,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconClock,
  IconDatabaseX,
  IconEqual,
  IconEqualNot,
  IconEye,
  IconFileOff,
  IconFlame,
  IconFlask2,
  IconHelpCircle,
  IconInfoCircle,
  IconKey,
  IconLoader2,
  IconLockFilled,
  IconMoonFilled,
  IconPlayerPauseFilled,
  IconPlayerStopFilled,
  IconPlugConnected,
  IconRefreshAlert,
  IconShieldLock,
  IconTrendingDown,
  type Icon,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Stroke } from './Stroke'
import c from './Status.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'active' | 'quiet'

interface StatusLook {
  tone: Tone
  /** An icon, or its strokes where many of them stand in one list. */
  icon: Icon | string
  turning?: true
}

const turning = { tone: 'active', icon: IconLoader2, turning: true } as const
const good = { tone: 'good', icon: IconCircleCheckFilled } as const
const broken = { tone: 'bad', icon: IconAlertTriangleFilled } as const
const locked = { tone: 'bad', icon: IconLockFilled } as const

/** IconPlugConnectedX. */
const unplugged =
  'M20 16l-4 4M7 12l5 5l-1.5 1.5a3.536 3.536 0 1 1 -5 -5l1.5 -1.5M17 12l-5 -5l1.5 -1.5a3.536 3.536 0 1 1 5 5l-1.5 1.5M3 21l2.5 -2.5M18.5 5.5l2.5 -2.5M10 11l-2 2M13 14l-2 2M16 16l4 4'

/** The one list of states. Colour, shape and word (`common:status.*`) always travel together. */
const looks = {
  absent: { tone: 'quiet', icon: IconCircleDashed },
  stopped: { tone: 'quiet', icon: IconPlayerStopFilled },
  asleep: { tone: 'quiet', icon: IconMoonFilled },
  paused: { tone: 'warn', icon: IconPlayerPauseFilled },
  starting: turning,
  stopping: turning,
  restarting: turning,
  unpausing: turning,
  recreating: turning,
  rebuilding: turning,
  pulling: turning,
  removing: turning,
  listening: { tone: 'active', icon: IconPlugConnected },
  authenticated: { tone: 'active', icon: IconKey },
  ready: good,
  unhealthy: broken,
  'locked-out': locked,
  unreachable: { tone: 'bad', icon: unplugged },
  hot: { tone: 'warn', icon: IconFlame },
  slowed: { tone: 'warn', icon: IconTrendingDown },
  full: { tone: 'warn', icon: IconDatabaseX },
  'in-sync': { tone: 'good', icon: IconEqual },
  drifted: { tone: 'warn', icon: IconEqualNot },
  refused: locked,
  rotating: turning,
  due: { tone: 'warn', icon: IconClock },
  stale: { tone: 'warn', icon: IconRefreshAlert },
  proven: good,
  accepted: good,
  unread: { tone: 'quiet', icon: IconEye },
  missing: { tone: 'warn', icon: IconFileOff },
  unreadable: { tone: 'warn', icon: IconFileOff },
  source: { tone: 'quiet', icon: IconShieldLock },
  simulated: { tone: 'quiet', icon: IconFlask2 },
  unknown: { tone: 'quiet', icon: IconHelpCircle },
  idle: { tone: 'quiet', icon: IconCircle },
  probing: turning,
  waiting: { tone: 'quiet', icon: IconClock },
  queued: { tone: 'quiet', icon: IconClock },
  running: turning,
  succeeded: good,
  failed: broken,
  cancelled: { tone: 'quiet', icon: IconBan },
  warning: { tone: 'warn', icon: IconAlertTriangle },
  notice: { tone: 'quiet', icon: IconInfoCircle },
} satisfies Record<string, StatusLook>

export type StatusKey = keyof typeof looks

/** The tone of a state, for what stands around its mark. */
export const toneOf = (of: StatusKey): Tone => looks[of].tone

export function StatusIcon({ of, size = 16 }: { of: StatusKey; size?: number }) {
  const { icon: I, tone, turning: turns }: StatusLook = looks[of]
  const className = `${c.icon} ${c[tone]} ${turns ? 'turning' : ''}`
  if (typeof I === 'string') return <Stroke d={I} size={size} className={className} state={of} />
  return <I size={size} className={className} aria-hidden data-state={of} />
}

interface WordProps {
  of: StatusKey
  /** Instead of the state's own word. */
  word?: ReactNode
  detail?: ReactNode
}

/** Icon and word, no box: the quiet form for tables and cards. */
export function StatusLabel({ of, word, detail }: WordProps) {
  const { t } = useTranslation()
  return (
    <span className={c.label}>
      <StatusIcon of={of} />
      <span className={c[`${toneOf(of)}Text`]}>{word ?? t(`status.${of}`)}</span>
      {detail !== undefined && <span className={c.detail}>{detail}</span>}
    </span>
  )
}

/** Boxed form: once per card or page, for the state that the reader came for. */
export function StatusPill({ of, word, detail }: WordProps) {
  const { t } = useTranslation()
  return (
    <span className={`${c.pill} ${c[`${toneOf(of)}Pill`]}`}>
      <StatusIcon of={of} size={14} />
      {word ?? t(`status.${of}`)}
      {detail !== undefined && <span className={c.pillDetail}>{detail}</span>}
    </span>
  )
}
