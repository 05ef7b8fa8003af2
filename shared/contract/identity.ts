import * as z from 'zod'
import { procedure, ReasonSchema, Timestamp } from './base'
import { LintFix } from './lint'

/** One card in every order in which programs count, and who means it. Cards are known by their uuid. */
export const CardIdentity = z.object({
  at: Timestamp,
  uuid: z.string(),
  /** All cards of this machine, by bus. */
  cards: z.array(
    z.object({
      uuid: z.string(),
      name: z.string(),
      busId: z.string().nullable(),
      memoryTotalMiB: z.number().nullable(),
      /** Its number in nvidia-smi, in CUDA by bus, and in CUDA where no order is set; null: not to be told from here. */
      smi: z.number().int(),
      pciBusId: z.number().int(),
      fastestFirst: z.number().int().nullable(),
    }),
  ),
  /** What shows CUDA's own order where it cannot be told, to be run where PyTorch is. */
  command: z.string(),
  services: z.array(
    z.object({
      serviceId: z.string(),
      /** Whether this card is meant, given, reported or worked on. */
      onCard: z.boolean(),
      /** The card that Regie was told it is meant for. */
      meant: z.string().nullable(),
      requested: z
        .object({
          /** Where that stands: in its container, in its Compose files, or in the command that Regie runs. */
          in: z.enum(['container', 'files', 'command']),
          /** As written, e.g. `CUDA_VISIBLE_DEVICES=1`. */
          settings: z.array(z.string()),
          /** The cards that this gives; null: it does not tell. */
          gives: z.array(z.string()).nullable(),
        })
        .nullable(),
      /** What the service says of the card that it works on; null: nothing. */
      reported: z
        .object({
          name: z.string().nullable(),
          totalMiB: z.number(),
          /** PyTorch's number of it, among those that it sees. */
          index: z.number().int().nullable(),
          /** The cards of this machine that it may be. */
          like: z.array(z.string()),
        })
        .nullable(),
      /** The cards on which its processes are seen. */
      seenOn: z.array(z.string()),
      /** `unclear`: nothing is wrong as far as can be told. `unknown`: it reports nothing. */
      state: z.enum(['agrees', 'contradicts', 'unclear', 'unknown']),
      reason: ReasonSchema,
      /** Where it contradicts: the lines of its Compose file to change; null: only a person can tell. */
      fix: z
        .object({
          file: z.string(),
          name: z.string(),
          line: z.number().int(),
          finding: z.string(),
          fix: LintFix,
          files: z.array(z.object({ path: z.string(), state: z.string() })),
        })
        .nullable(),
    }),
  ),
})
export type CardIdentity = z.infer<typeof CardIdentity>

export const identity = {
  identity: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({
      method: 'GET',
      path: '/gpus/{uuid}/identity',
      tags: ['gpus'],
      summary: "A card's number in every order, what services ask for and report, and whether that agrees",
    })
    .input(z.object({ uuid: z.string().max(200) }))
    .output(CardIdentity),
}
