import { Problem } from '../../shared/problems'
import { nameKey, newestOf, type KeptVersion, type KeptWorkflow } from './record'

/** All that is known of the workflows now, and what is asked of it. */
export class Shelf {
  readonly all = new Map<string, KeptWorkflow>()

  /** Throws for one that is unknown, or removed where a living one is meant. */
  find(id: string, { removed = false } = {}): KeptWorkflow {
    const kept = this.all.get(id)
    if (!kept || (kept.removedAt !== null) !== removed) throw new Problem('workflow.not-found', { id })
    return kept
  }

  version(id: string, version?: number): KeptVersion {
    const kept = this.find(id)
    const found = version === undefined ? newestOf(kept) : kept.versions.find((one) => one.version === version)
    if (!found) throw new Problem('workflow.version-unknown', { name: kept.name, version: version ?? 0 })
    return found
  }

  living(): [string, KeptWorkflow][] {
    return [...this.all].filter(([, { removedAt }]) => removedAt === null)
  }

  named(name: string): [string, KeptWorkflow] | null {
    return this.living().find(([, kept]) => nameKey(kept.name) === nameKey(name)) ?? null
  }

  /** `but`: the one that may have it. */
  refuseTaken(name: string, but: string | null): void {
    const taken = this.named(name)
    if (taken && taken[0] !== but) throw new Problem('workflow.name-taken', { name: taken[1].name })
  }
}
