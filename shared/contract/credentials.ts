import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { firstKind } from '../kinds'
import { AuditEntry } from './audit'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { rotationProcedures } from './policy'
import { ServiceSessions } from './sessions'

export const Scheme = z.enum(['comfyui-login', 'basic', 'token'])
export type Scheme = z.infer<typeof Scheme>

/**
 * The parts of a secret. For `comfyui-login` the token is the bcrypt hash, which is also the Bearer token, and the
 * session key is what its browser sessions are sealed with.
 */
export const SecretField = z.enum(['username', 'password', 'token', 'sessionKey'])
export type SecretField = z.infer<typeof SecretField>

/** What a service must do before a changed sink takes effect. */
export const Requirement = z.enum(['nothing', 'restart', 'recreate'])
export type Requirement = z.infer<typeof Requirement>

/** First 12 hex digits of SHA-256 of a secret: shown and logged in its place. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{12}$/)

/**
 * `env`: one key of an .env file; `file`: the whole file; `comfyui-login`: hash and user name in two lines; `json` and
 * `yaml`: the value at a JSON pointer; `ini`: a key of an INI or .conf file; `session-key`: ComfyUI-Login's
 * `.secret-key.txt`, whose change ends its browser sessions.
 */
export const SinkType = z.enum(['env', 'file', 'comfyui-login', 'json', 'yaml', 'ini', 'session-key'])
export type SinkType = z.infer<typeof SinkType>

/** How the place inside a file is written, for those kinds that have one. */
const keyShapes = {
  env: { shape: /^[A-Za-z_][A-Za-z0-9_.-]*$/, message: 'not a variable name' },
  json: { shape: /^(\/[^/]+)+$/, message: 'not a JSON pointer, e.g. /auth/token' },
  yaml: { shape: /^(\/[^/]+)+$/, message: 'not a JSON pointer, e.g. /services/comfyui/environment/TOKEN' },
  ini: { shape: /^[^\s=:#;[\]][^=:#;[\]\r\n]*$/, message: 'not a key, e.g. section.key' },
} as const

/** Whether a sink of this kind is one place in a file that holds other things too. */
export const isKeyed = (type: SinkType): type is keyof typeof keyShapes => type in keyShapes

/** What is wrong with the key of a sink; null when nothing is. */
export const keyIssue = (type: SinkType, key: string | undefined): string | null => {
  if (!isKeyed(type)) return null
  if (key === undefined || key === '') return 'this kind of sink needs the name of its key'
  return keyShapes[type].shape.test(key) ? null : keyShapes[type].message
}

export const SinkInput = z
  .object({
    type: SinkType,
    path: z.string().min(1).max(4096),
    /** The variable of an .env file, a JSON pointer, or `section.key`. */
    key: z.string().max(512).optional(),
    field: SecretField.optional(),
    requires: Requirement.optional(),
  })
  .superRefine((sink, issues) => {
    const message = keyIssue(sink.type, sink.key)
    if (message !== null) issues.addIssue({ code: 'custom', path: ['key'], message })
  })
export type SinkInput = z.infer<typeof SinkInput>

export const Sink = z.object({
  id: z.string(),
  type: SinkType,
  path: z.string(),
  key: z.string().nullable(),
  field: SecretField,
  requires: Requirement,
})
export type Sink = z.infer<typeof Sink>

export const ProofCell = z.object({
  expect: z.number().int(),
  got: z.number().int().nullable(),
  /** `not-counted`: there was nothing to ask with, or the answer proves nothing because the surface is open. */
  state: z.enum(['pass', 'fail', 'probing', 'waiting', 'not-counted']),
  tookMs: z.number().nullable(),
})
export type ProofCell = z.infer<typeof ProofCell>

const notAsked = { expect: 401, got: null, state: 'not-counted', tookMs: null } as const

/** One protected surface of a service: no, a made-up and the old credential are refused, the new one is let in. */
export const ProofRow = z.object({
  serviceId: z.string(),
  /** As sent, e.g. `GET /system_stats`. */
  surface: z.string(),
  /**
   * What the surface is for; the renderer has the words. `gateway`: asked through the service's gateway, which opens it
   * with the fresh secret, and with no other.
   */
  purpose: z.enum(['status', 'models', 'queue', 'progress', 'login', 'api', 'session', 'gateway']),
  none: ProofCell,
  /** A made-up secret. Proofs of earlier versions had none. */
  wrong: ProofCell.default(notAsked),
  /** The secret before this one, where one is known; in the row `session` a cookie from before the rotation. */
  old: ProofCell,
  fresh: ProofCell,
})
export type ProofRow = z.infer<typeof ProofRow>

/** `none` means that no service uses the credential, so nothing could be asked. */
export const Proof = z.object({
  at: Timestamp,
  outcome: z.enum(['proven', 'failed', 'unreachable', 'none']),
  rows: z.array(ProofRow),
  /** What became of browser sessions; only in the proof of a rotation. */
  sessions: z.array(ServiceSessions).optional(),
  reason: ReasonSchema.optional(),
})
export type Proof = z.infer<typeof Proof>

export const Credential = z.object({
  id: z.string(),
  scheme: Scheme,
  username: z.string().nullable(),
  /** Grows by one with each rotation. */
  version: z.number().int().positive(),
  createdAt: Timestamp,
  changedAt: Timestamp,
  fingerprints: z.object({
    password: Fingerprint.optional(),
    token: Fingerprint.optional(),
    sessionKey: Fingerprint.optional(),
  }),
  sinks: z.array(Sink),
  serviceIds: z.array(z.string()),
  /** The worst that is known: a refused proof, a drifted sink, or nothing amiss. */
  state: z.enum(['in-sync', 'drifted', 'refused', 'rotating']),
  /** Which part of it, taken in as it was in use, a reader breaks on, and why. A rotation is the way out. */
  unusable: z.object({ field: SecretField, reason: ReasonSchema }).optional(),
  drifted: z.number().int(),
  lastProof: Proof.nullable(),
  /** Until when the secret before can be gone back to; null when it is not kept. */
  previousUntil: Timestamp.nullable(),
})
export type Credential = z.infer<typeof Credential>

export const CredentialInput = z.object({
  id: Slug,
  scheme: Scheme,
  username: z.string().min(1).max(128).optional(),
  password: z.string().min(1).max(1024).optional(),
  token: z.string().min(1).max(4096).optional(),
  /** The secret is in use: it is taken as it is where a reader breaks on it, and marked. */
  inUse: z.boolean().optional(),
  sinks: z.array(SinkInput).max(64).default([]),
})
export type CredentialInput = z.infer<typeof CredentialInput>

export const CredentialChange = z.object({
  id: Slug,
  username: z.string().min(1).max(128).optional(),
  sinks: z.array(SinkInput).max(64).optional(),
})

/** What became of a place by other hands: the value that was seen there before, and the one that stands there now. */
export const PlaceChange = z.object({ from: Fingerprint.nullable(), to: Fingerprint.nullable(), at: Timestamp })
export type PlaceChange = z.infer<typeof PlaceChange>

/** One place where the secret stands, compared with the vault by fingerprint. */
export const Place = z.object({
  /** `container-file`: a sink as a container sees it; `container-env`: a variable that a container was made with. */
  kind: z.enum(['vault', 'sink', 'container-file', 'container-env', 'live']),
  /** The sink's or, for `live`, the service's id; empty for the vault. */
  id: z.string(),
  /** The service that is asked, or whose container it is. */
  serviceId: z.string().nullable(),
  /** Path of the sink, path in the container, name of the container (for a variable) or address of the service. */
  where: z.string(),
  /** The key in the file, or the variable. */
  key: z.string().nullable(),
  field: SecretField,
  fingerprint: Fingerprint.nullable(),
  /**
   * `open`: it lets everybody in; `needs-restart`: what the service read at its start is no longer what stands in its file; `needs-recreate`: its
   * container's environment is older than the file from which it was made.
   */
  state: z.enum([
    'source',
    'same',
    'drifted',
    'missing',
    'unreadable',
    'accepted',
    'refused',
    'open',
    'unknown',
    'needs-restart',
    'needs-recreate',
  ]),
  requires: Requirement,
  modifiedAt: Timestamp.nullable(),
  /** Set where the value is not the vault's and it is known what stood there before. */
  change: PlaceChange.nullable(),
  reason: ReasonSchema.optional(),
})
export type Place = z.infer<typeof Place>

export const Drift = z.object({ checkedAt: Timestamp, drifted: z.number().int(), places: z.array(Place) })
export type Drift = z.infer<typeof Drift>

export const RotationStep = z.object({
  id: z.enum(['prepare', 'write', 'apply', 'prove', 'commit', 'roll-back']),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  startedAt: Timestamp.nullable(),
  tookMs: z.number().nullable(),
  /** Evidence; `line` and `params` are for translation, `text` is English. */
  lines: z.array(
    z.object({
      line: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      text: z.string(),
      /** True for a sink that was written: shown with a check. */
      written: z.boolean(),
    }),
  ),
})
export type RotationStep = z.infer<typeof RotationStep>

export const Rotation = z.object({
  id: z.string(),
  credentialId: z.string(),
  /** `failed`: the roll-back failed too, and a person must look; the vault then keeps both secrets. */
  state: z.enum(['running', 'committed', 'rolled-back', 'failed']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
  oldFingerprint: Fingerprint.nullable(),
  newFingerprint: Fingerprint.nullable(),
  steps: z.array(RotationStep),
  proof: z.array(ProofRow),
  /** Why it was rolled back, and at which step. */
  reason: ReasonSchema.optional(),
  failedStep: RotationStep.shape.id.optional(),
})
export type Rotation = z.infer<typeof Rotation>

const tags = ['credentials']
const one = z.object({ id: Slug })

export const credentials = {
  list: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/credentials', tags, summary: 'List credentials: metadata and fingerprints only' })
    .output(z.array(Credential)),
  get: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/credentials/{id}', tags, summary: 'Get one credential, without its secret' })
    .input(one)
    .output(Credential),
  create: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { id: firstKind, scheme: 'comfyui-login', username: 'studio' },
  })
    .route({
      method: 'POST',
      path: '/credentials',
      successStatus: 201,
      tags,
      summary: 'Add a credential; what is left out is generated. Sinks are written at once',
    })
    .input(CredentialInput)
    .output(Credential),
  update: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { username: 'studio' },
  })
    .route({ method: 'PATCH', path: '/credentials/{id}', tags, summary: 'Change the user name or the sinks' })
    .input(CredentialChange)
    .output(Credential),
  remove: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'DELETE',
      path: '/credentials/{id}',
      tags,
      summary: 'Delete from the vault; sinks are left as they are',
    })
    .input(one)
    .output(z.object({ id: z.string() })),
  rotate: procedure('admin', { errors: gives.runtime, example: { wait: false } })
    .route({
      method: 'POST',
      path: '/credentials/{id}/rotate',
      tags,
      summary:
        'Replace the secret, prove it on the live service, or roll back. Answers when finished unless wait is false. A secret of your own asks for a fresh proof',
    })
    .input(
      one.extend({
        password: z.string().min(1).max(1024).optional(),
        token: z.string().min(1).max(4096).optional(),
        /** The same id a second time answers the first rotation instead of starting another. */
        operationId: RecordId.optional(),
        wait: z.boolean().default(true),
        /**
         * Jobs that run on its services: where the gateway can hold new ones, the rotation waits until they have ended, ten
         * minutes at most; or it interrupts them.
         */
        whenBusy: z.enum(['wait', 'interrupt']).default('wait'),
      }),
    )
    .output(Rotation),
  cancelRotation: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/credentials/{id}/rotation/cancel',
      tags,
      summary: 'Stop the rotation and roll back',
    })
    .input(one)
    .output(Rotation),
  rotateBack: procedure('admin', { errors: gives.runtime, example: { wait: false } })
    .route({
      method: 'POST',
      path: '/credentials/{id}/rotate-back',
      tags,
      summary: 'Make the previous secret the new one, by a rotation like any other, while it is kept',
    })
    .input(one.extend({ operationId: RecordId.optional(), wait: z.boolean().default(true) }))
    .output(Rotation),
  ...rotationProcedures,
  rotation: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/credentials/{id}/rotation', tags, summary: 'The running or the last rotation' })
    .input(one)
    .output(Rotation.nullable()),
  watchRotation: procedure('admin', { errors: gives.store, stream: 'state' })
    .route({
      method: 'GET',
      path: '/credentials/{id}/rotation/stream',
      tags,
      summary: 'Follow the rotation step by step',
    })
    .input(one)
    .output(eventIterator(Rotation)),
  drift: procedure('admin', { errors: gives.store })
    .route({
      method: 'GET',
      path: '/credentials/{id}/drift',
      tags,
      summary: 'Read every sink and compare fingerprints',
    })
    .input(one)
    .output(Drift),
  sync: procedure('admin', {
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { sinkId: '0b6f6a0e' },
  })
    .route({
      method: 'POST',
      path: '/credentials/{id}/sync',
      tags,
      summary: 'Write the vault’s value to all sinks, or to one',
    })
    .input(one.extend({ sinkId: RecordId.optional() }))
    .output(Drift),
  adopt: procedure('admin', {
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { sinkId: '0b6f6a0e' },
  })
    .route({
      method: 'POST',
      path: '/credentials/{id}/adopt',
      tags,
      summary: 'Take what stands in one sink into the vault; nothing else is written',
    })
    .input(one.extend({ sinkId: RecordId }))
    .output(Credential),
  verify: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/credentials/{id}/verify',
      tags,
      summary: 'Prove the credential on every protected surface, and through the gateway',
    })
    .input(one)
    .output(Proof),
  reveal: procedure('admin', { reauth: true, errors: gives.store })
    .route({ method: 'POST', path: '/credentials/{id}/reveal', tags, summary: 'The secret itself; audited' })
    .input(one)
    .output(
      z.object({ username: z.string().optional(), password: z.string().optional(), token: z.string().optional() }),
    ),
  history: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/credentials/{id}/history', tags, summary: 'What happened to it, newest first' })
    .input(one.extend({ limit: z.number().int().min(1).max(500).default(50) }))
    .output(z.array(AuditEntry)),
}
