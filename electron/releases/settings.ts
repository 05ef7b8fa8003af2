import * as z from 'zod'
import { ReleaseChannel, type Releases, type ReleaseSettings } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import { FeedRefused } from './description'
import { feedAt } from './feed'

const Kept = z.object({
  feed: z.string().nullable().catch(null),
  channel: ReleaseChannel.catch('latest'),
  automatic: z.boolean().catch(false),
})
const nothing: ReleaseSettings = { feed: null, channel: 'latest', automatic: false }

const variables = { feed: 'REGIE_UPDATE_FEED', channel: 'REGIE_UPDATE_CHANNEL' } as const

export interface SettingsOptions {
  store: { read(): unknown; write(settings: object): void }
  /** What the environment says of it, which counts in place of what is set in the panel. */
  environment: NodeJS.ProcessEnv
  auditFirst: Audit['appendFirst']
}

/** Throws `release.feed-invalid` for what no feed can lie at. */
function checkFeed(feed: string): void {
  try {
    feedAt(feed)
  } catch (error) {
    throw error instanceof FeedRefused ? new Problem('release.feed-invalid') : error
  }
}

/** Where new versions are looked for, and what becomes of them: off until somebody sets a feed. */
export function createReleaseSettings({ store, environment, auditFirst }: SettingsOptions) {
  const named = environment[variables.feed]?.trim() ?? ''
  const said: Partial<ReleaseSettings> = {
    ...(named !== '' && { feed: named }),
    ...(environment[variables.channel] && {
      channel: environment[variables.channel] === 'beta' ? 'beta' : 'latest',
    }),
  }
  const kept = () => Kept.catch(nothing).parse(store.read() ?? {})
  return {
    read: (): ReleaseSettings => ({ ...kept(), ...said }),
    fixed: (): Releases['fixed'] => (['feed', 'channel'] as const).filter((name) => name in said),
    /**
     * Throws `release.fixed` for what the environment says, `release.feed-invalid`, and `audit.write-failed`; nothing is
     * changed then.
     */
    async change(asked: Partial<ReleaseSettings>, who: string): Promise<void> {
      for (const name of ['feed', 'channel'] as const)
        if (name in asked && name in said && asked[name] !== said[name])
          throw new Problem('release.fixed', { variable: variables[name] })
      const feed = asked.feed?.trim() ?? ''
      if (feed !== '') checkFeed(feed)
      const next = { ...kept(), ...asked, ...('feed' in asked && { feed: feed === '' ? null : feed }) }
      const details = { feed: next.feed ?? '(none)', channel: next.channel, automatic: String(next.automatic) }
      await auditFirst({ who, action: 'release.settings-changed', target: '', details })
      store.write(next)
    },
  }
}
