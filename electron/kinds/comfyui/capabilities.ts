import type { Capabilities, Family } from '../../../shared/contract'
import { checkpointOf, defaultOf, defaultsOf, isComplete, loraKey, samplerKey, schedulerKey, standings } from './choose'
import { smoke } from './families'
import { standingOf, type Standing } from './families/recognise'
import type { Offer } from './offer'

/** A megabyte of 2^20 bytes. */
const mebibyte = 2 ** 20

/** The size of a family's files: of those that are there, where the service tells them all, else as published. */
function filesMiB({ family, files, missing }: Standing, { facts }: Offer): number {
  const sizes = Object.values(files).map(({ name }) => facts.files.get(name)?.size)
  const known = sizes.flatMap((size) => size ?? [])
  const isTold = missing.length === 0 && known.length === sizes.length
  return isTold ? Math.round(known.reduce((sum, size) => sum + size, 0) / mebibyte) : family.filesMiB
}

function familyOf(standing: Standing, offer: Offer): Family {
  const { family, tasks, missing, mains } = standing
  const { id, title, mostImages, takesNegativePrompt, sizes, sizeMultiple } = family
  const { steps, cfg, width, height, sampler, scheduler, strength } = defaultsOf(family, offer)
  return {
    ...{ id, title, tasks, available: isComplete(standing), missing, checkpoints: mains },
    ...{ mostImages, takesNegativePrompt, takesLoras: true, sizes, sizeMultiple },
    defaults: { steps, cfg, width, height, sampler, scheduler, strength },
    expected: { vramMiB: null, filesMiB: filesMiB(standing, offer) },
  }
}

/** Promised: an entry lists bare names, and one that had several families under its name is there with any of them. */
function workflowsOf(all: readonly Standing[], offer: Offer): Capabilities['workflows'] {
  return [...all, standingOf(smoke, offer)].map((own) => {
    const { id } = own.family
    const any = [own, ...all.filter(({ family }) => family.formerId === id)].find(isComplete) ?? own
    return { id, available: isComplete(any), missing: any.missing.map(({ name }) => name) }
  })
}

/** What the service offers, from its live drop-downs. With no known model nothing is the default. */
export function capabilitiesOf(offer: Offer): Capabilities {
  const { choices, facts } = offer
  const all = standings(offer)
  const usual = defaultOf(all, 'text')
  // Where nothing runs, the values of the family that comes first are as good as any.
  const { sampler, scheduler, steps, cfg, width, height } = defaultsOf((usual ?? all[0])?.family ?? smoke, offer)
  const complete = all.filter(isComplete)
  return {
    checkpoints: [...new Set(complete.flatMap(({ mains }) => mains))],
    samplers: [...(choices[samplerKey] ?? [])],
    schedulers: [...(choices[schedulerKey] ?? [])],
    families: [...complete, ...all.filter((standing) => !isComplete(standing))].map((one) => familyOf(one, offer)),
    loras: [...(choices[loraKey] ?? [])],
    workflows: workflowsOf(all, offer),
    defaults: {
      ...{ checkpoint: usual && checkpointOf(usual), sampler, scheduler, steps, cfg, width, height },
      workflow: usual?.family.id ?? null,
    },
    // Not known is taken for yes: a service that hides its flags may well send them.
    previews: facts.previewMethod !== 'none' || facts.askForPreviews !== null,
  }
}
