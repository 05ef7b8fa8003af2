import * as z from 'zod'
import { ServiceContainer } from '../../../shared/contract'

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? [])
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0)
const named = z
  .record(z.string(), z.string().nullable())
  .nullish()
  .transform((value) => Object.entries(value ?? {}).map(([name, held]) => ({ name, value: held ?? '' })))
/** Entry point, command and health check may be one string in images of old. */
const command = z
  .union([z.string().transform((line) => [line]), z.array(z.string())])
  .nullish()
  .transform((value) => value ?? [])

const Binding = z.object({ HostIp: text, HostPort: text })

/** What Regie reads of `GET /containers/{id}/json`. Engines leave out, or send as null, whatever is not set. */
export const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.union([z.string(), z.number()]).nullish(),
  /** The image's id. */
  Image: text,
  Path: text,
  Args: texts,
  RestartCount: number,
  State: z.object({
    Status: ServiceContainer.shape.state,
    StartedAt: text,
    FinishedAt: text,
    Health: z.object({ Status: text }).nullish(),
  }),
  Config: z.object({
    Image: text,
    Env: texts,
    Labels: named,
    Tty: z.boolean().nullish(),
    User: text,
    WorkingDir: text,
    Healthcheck: z
      .object({ Test: command, Interval: number, Timeout: number, StartPeriod: number, Retries: number })
      .nullish(),
  }),
  HostConfig: z.object({
    RestartPolicy: z.object({ Name: text, MaximumRetryCount: number }).nullish(),
    LogConfig: z.object({ Type: text, Config: named }).nullish(),
    Memory: number,
    MemorySwap: number,
    NanoCpus: number,
    CpuQuota: number,
    CpuPeriod: number,
    PidsLimit: number,
    ShmSize: number,
    Privileged: z.boolean().nullish(),
    ReadonlyRootfs: z.boolean().nullish(),
    SecurityOpt: texts,
    CapAdd: texts,
    Runtime: text,
    PortBindings: z.record(z.string(), z.array(Binding).nullable()).nullish(),
    DeviceRequests: z
      .array(
        z.object({
          Driver: text,
          Count: number,
          DeviceIDs: texts,
          Capabilities: z
            .array(z.array(z.string()))
            .nullish()
            .transform((sets) => [...new Set((sets ?? []).flat())]),
        }),
      )
      .nullish()
      .transform((requests) => requests ?? []),
  }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(Binding).nullable()).nullish(),
    Networks: z
      .record(z.string(), z.object({ IPAddress: text, Aliases: texts }))
      .nullish()
      .transform((networks) => networks ?? {}),
  }),
  Mounts: z
    .array(z.object({ Type: text, Source: text, Name: text, Destination: text, RW: z.boolean().nullish() }))
    .nullish()
    .transform((mounts) => mounts ?? []),
})
export type Inspected = z.infer<typeof Inspected>

/** What Regie reads of `GET /images/{name}/json`. */
export const InspectedImage = z.object({ Id: z.string(), Created: z.string().nullish() })

/** What Regie reads of `GET /info`. */
export const InspectedEngine = z.object({ KernelVersion: text, OperatingSystem: text })
