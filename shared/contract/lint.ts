import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'

/** `danger`: open, broken or about to be; `warning`: bites sooner or later; `hint`: good practice. */
export const LintSeverity = z.enum(['danger', 'warning', 'hint'])
export type LintSeverity = z.infer<typeof LintSeverity>

/** What a running service needs before a change of its files takes effect. */
export const LintNeeds = z.enum(['none', 'restart', 'recreate'])
export type LintNeeds = z.infer<typeof LintNeeds>

/** Some lines of a file; values of secrets are masked. */
export const LintExcerpt = z.object({
  /** Number of the first line, from 1. */
  from: z.number().int().positive(),
  lines: z.array(z.string()),
})
export type LintExcerpt = z.infer<typeof LintExcerpt>

/** A change of one file as a unified diff; values of secrets are masked, the text that is written is the real one. */
export const LintDiff = z.object({
  file: z.string(),
  name: z.string(),
  hunks: z.array(
    z.object({
      oldStart: z.number().int().nonnegative(),
      newStart: z.number().int().nonnegative(),
      lines: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })),
    }),
  ),
})
export type LintDiff = z.infer<typeof LintDiff>

export const LintFix = z.object({
  /** Unique within a report. */
  id: z.string(),
  /** What it does (message) and what follows from it (hint). */
  reason: ReasonSchema,
  needs: LintNeeds,
  diffs: z.array(LintDiff),
  /** Folders that it makes. */
  folders: z.array(z.string()),
})
export type LintFix = z.infer<typeof LintFix>

export const LintFinding = z.object({
  id: z.string(),
  /** The rule's name, e.g. `port-all-interfaces`. */
  rule: z.string(),
  severity: LintSeverity,
  /** Absolute path, and as seen from the project's folder. */
  file: z.string(),
  name: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  /** The Compose service that it is about; null for the whole project. */
  service: z.string().nullable(),
  /** What is wrong (message), why it matters and what to do (hint). */
  reason: ReasonSchema,
  excerpt: LintExcerpt,
  /** Ways to mend it, the usual one first. Empty where only a person can. */
  fixes: z.array(LintFix),
})
export type LintFinding = z.infer<typeof LintFinding>

/** A change that was made and can be undone. */
export const LintChange = z.object({
  id: z.string(),
  at: Timestamp,
  rules: z.array(z.string()),
  /** Names of the files, as seen from the project's folder. */
  files: z.array(z.string()),
  needs: LintNeeds,
})
export type LintChange = z.infer<typeof LintChange>

export const LintReport = z.object({
  /** The project's folder. */
  folder: z.string(),
  /** Every file that was looked at. `state` changes with the content: a fix is refused when it is another one. */
  files: z.array(z.object({ path: z.string(), name: z.string(), state: z.string() })),
  /** The worst first, then by file and line. */
  findings: z.array(LintFinding),
  counts: z.object({
    danger: z.number().int().nonnegative(),
    warning: z.number().int().nonnegative(),
    hint: z.number().int().nonnegative(),
  }),
  checkedAt: Timestamp,
  /** The last change, while it can still be undone; null when there is none or the files changed since. */
  undo: LintChange.nullable(),
})
export type LintReport = z.infer<typeof LintReport>

const tags = ['lint']
const one = z.object({ id: Slug })
const path = z.string().min(1).max(4096)
const itemId = z.string().min(1).max(200)

export const lint = {
  // Excerpts and fixes quote the files, where values stand that look like no secret.
  service: procedure('admin', { errors: gives.runtime })
    .route({ method: 'GET', path: '/services/{id}/lint', tags, summary: "What is wrong in a service's Compose files" })
    .input(one)
    .output(LintReport),
  files: procedure('admin', { errors: ['NOT_FOUND', ...gives.runtime], example: { file: '/srv/comfyui/compose.yaml' } })
    .route({ method: 'POST', path: '/docker/lint', tags, summary: 'What is wrong in Compose files, before adoption' })
    .input(
      z.object({
        /** A Compose file, or the folder in which it lies. */
        file: path,
        overrides: z.array(path).max(16).optional(),
        profiles: z.array(z.string().min(1).max(255)).max(16).optional(),
        envFile: path.optional(),
      }),
    )
    .output(LintReport),
  fix: procedure('admin', {
    reauth: true,
    errors: gives.runtime,
    example: {
      fixes: ['port-all-interfaces:8'],
      files: [{ path: '/srv/comfyui/compose.yaml', state: '3fa91c07be42' }],
    },
  })
    .route({
      method: 'POST',
      path: '/services/{id}/lint/fix',
      tags,
      summary: 'Apply fixes to the files as they were shown; refused when a file changed meanwhile',
    })
    .input(
      one.extend({
        fixes: z.array(itemId).min(1).max(200),
        /** The files of the report in which the fixes stood. */
        files: z
          .array(z.object({ path, state: itemId }))
          .min(1)
          .max(100),
      }),
    )
    .output(z.object({ change: LintChange, report: LintReport })),
  undo: procedure('admin', { reauth: true, errors: gives.runtime, example: { change: '0b6f6a0e' } })
    .route({ method: 'POST', path: '/services/{id}/lint/undo', tags, summary: 'Take a change of the files back' })
    .input(one.extend({ change: itemId }))
    .output(LintReport),
}
