import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { firstKind } from '../kinds'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { Credential, Fingerprint, Scheme, SecretField, SinkType } from './credentials'
import { ServiceConfig, ServiceKind } from './service-config'

/** One place in the folder where a secret stands, or should. */
export const DiscoveredPlace = z.object({
  id: RecordId,
  /** Null: it cannot be written there, e.g. on a command line. */
  type: SinkType.nullable(),
  path: z.string(),
  /** The path from the folder on, with slashes. */
  shown: z.string(),
  key: z.string().nullable(),
  line: z.number().int().nullable(),
  field: SecretField,
  /** `cut-hash`: the beginning of a bcrypt hash. `nothing`: there is nothing to read. */
  holds: z.enum(['hash', 'cut-hash', 'value', 'placeholder', 'empty', 'nothing']),
  /** Of the value as its readers take it. */
  fingerprint: Fingerprint.nullable(),
  modifiedAt: Timestamp.nullable(),
  /** The credential of the vault that has it as a sink already. */
  sinkOf: z.string().nullable(),
  /** Names of Compose services that read it. */
  usedBy: z.array(z.string()),
  /** What is wrong with it or must be known. */
  reasons: z.array(ReasonSchema),
  /** Whether it is proposed as a sink. */
  suggested: z.boolean(),
})
export type DiscoveredPlace = z.infer<typeof DiscoveredPlace>

/** A place whose value may become the vault's, with the whole secret that it stands for. */
const DiscoveredSource = z.object({
  placeId: RecordId,
  username: z.string().nullable(),
  fingerprints: z.object({
    username: Fingerprint.nullable(),
    password: Fingerprint.nullable(),
    token: Fingerprint.nullable(),
  }),
  /** What a reader breaks on in it: it can be imported as it is, and is to be rotated. */
  unusable: ReasonSchema.nullable(),
  /** What the live service said of it. */
  live: z.enum(['accepted', 'refused', 'unknown']),
})

export const DiscoveredCredential = z.object({
  key: RecordId,
  scheme: Scheme,
  /** A free name. */
  suggestedId: Slug,
  /** The credential of the vault that it is; its places can be added there. */
  existing: z.string().nullable(),
  /** Whether it is proposed at all: tokens for other people's servers are not. */
  suggested: z.boolean(),
  /** `differ`: some place holds another value than the proposed source. */
  state: z.enum(['agree', 'differ', 'alone']),
  places: z.array(DiscoveredPlace),
  sources: z.array(DiscoveredSource),
  /** The proposed source of truth, and why that one; null where there is none. */
  source: RecordId.nullable(),
  sourceWhy: z.enum(['vault', 'live', 'login-file', 'most', 'only', 'none']),
  /** Keys of the services that it seems to open. */
  services: z.array(RecordId),
  /** What must be known of the whole. */
  reasons: z.array(ReasonSchema),
})
export type DiscoveredCredential = z.infer<typeof DiscoveredCredential>

/** A service that was found in a Compose file, or that Regie looks after already. */
export const DiscoveredService = z.object({
  key: RecordId,
  name: z.string(),
  kind: ServiceKind,
  url: z.string(),
  /** Its Compose file; null for one that only Regie knows. */
  file: z.string().nullable(),
  why: z.string(),
  /** The service of Regie that it is. */
  existing: z.string().nullable(),
  suggestedId: Slug,
  /** What it said when it was asked: whether it asks for a credential, or why nothing is known. */
  live: z.enum(['protected', 'open', 'silent', 'not-asked']),
})
export type DiscoveredService = z.infer<typeof DiscoveredService>

export const DiscoveryProposal = z.object({
  id: RecordId,
  folder: z.string(),
  /** Until then what was found is kept in memory. */
  expiresAt: Timestamp,
  looked: z.object({ folders: z.number().int(), files: z.number().int(), bytes: z.number().int() }),
  credentials: z.array(DiscoveredCredential),
  services: z.array(DiscoveredService),
  /** What was left out or could not be read. */
  remarks: z.array(ReasonSchema),
})
export type DiscoveryProposal = z.infer<typeof DiscoveryProposal>

export const DiscoveryEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    /** `pair`: which password belongs to which hash. `ask`: what live services accept. */
    phase: z.enum(['read', 'pair', 'ask']),
    looked: DiscoveryProposal.shape.looked,
    found: z.number().int(),
  }),
  z.object({ type: z.literal('proposal'), proposal: DiscoveryProposal }),
])
export type DiscoveryEvent = z.infer<typeof DiscoveryEvent>

/** What becomes of a service: it gets the credential, as one that Regie has, or as a new one. */
const ImportedService = z.discriminatedUnion('do', [
  z.object({ do: z.literal('link'), id: Slug }),
  z.object({
    do: z.literal('add'),
    /** The discovered service. */
    key: RecordId,
    id: Slug,
    runtime: z.enum(['compose', 'external']),
    url: ServiceConfig.shape.url.optional(),
  }),
])
export type ImportedService = z.infer<typeof ImportedService>

const ImportedCredential = z.object({
  key: RecordId,
  /** Its name; one that the vault holds gets the places as further sinks, and its secret stays. */
  id: Slug,
  /** Whether the name is meant to be one that the vault holds. */
  existing: z.boolean().default(false),
  /** Whose value becomes the vault's. */
  source: RecordId.optional(),
  /** The places that become sinks. */
  places: z.array(RecordId).max(64),
  services: z.array(ImportedService).max(8).default([]),
})
export type ImportedCredential = z.infer<typeof ImportedCredential>

export const DiscoveryImport = z.object({ id: RecordId, credentials: z.array(ImportedCredential).min(1).max(64) })
export type DiscoveryImport = z.infer<typeof DiscoveryImport>

const Imported = z.object({ credentials: z.array(Credential), serviceIds: z.array(z.string()) })

const tags = ['discovery']
const Folder = z.object({ folder: z.string().min(1).max(4096) })

export const discovery = {
  scan: procedure('admin', { errors: gives.store, example: { folder: '/srv/comfyui' } })
    .route({
      method: 'POST',
      path: '/discovery',
      tags,
      summary: 'Look for services, credentials and sinks in a folder; reads only, answers fingerprints only',
    })
    .input(Folder)
    .output(DiscoveryProposal),
  scanning: procedure('admin', { errors: gives.store, stream: 'anew', example: { folder: '/srv/comfyui' } })
    .route({ method: 'POST', path: '/discovery/stream', tags, summary: 'The same, with its progress' })
    .input(Folder)
    .output(eventIterator(DiscoveryEvent)),
  import: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { credentials: [{ key: 'c1', id: firstKind, source: 'p1', places: ['p1', 'p2'] }] },
  })
    .route({
      method: 'POST',
      path: '/discovery/{id}/import',
      tags,
      summary: 'Take what was chosen into the vault, all of it or nothing; no sink is written',
    })
    .input(DiscoveryImport)
    .output(Imported),
  discard: procedure('admin')
    .route({ method: 'DELETE', path: '/discovery/{id}', tags, summary: 'Forget what was found' })
    .input(z.object({ id: RecordId }))
    .output(z.object({ id: z.string() })),
}
