const kB = 1024
const MB = 1024 * kB

/**
 * The longest answer of each kind that is read, in bytes. Whatever comes is cut off there: no service, and nothing that
 * answers in its place, fills the panel's memory or holds its event loop.
 */
export const answerLimits = {
  /** Whether it is there, whether it lets somebody in, what it is: `/system_stats`, `/sdapi/v1/options`. */
  probe: 256 * kB,
  /** What is answered to an order: interrupt, free memory, take off the queue. */
  act: 64 * kB,
  progress: 256 * kB,
  /** Progress with a picture in base64. */
  preview: 8 * MB,
  samplers: MB,
  /** Lists of model files, some thousands of them. */
  models: 8 * MB,
  'object-info': 32 * MB,
  /** Every job in it is there with its whole workflow. */
  queue: 32 * MB,
  history: 32 * MB,
  /** A refused job lists all choices of the input that did not fit. */
  submission: 8 * MB,
  /** A sign-in page, or gradio's description of its page. */
  page: 4 * MB,
  /** One answer with pictures in base64, which goes to disk as it comes. */
  pictures: 512 * MB,
} as const satisfies Record<string, number>

export type AnswerKind = keyof typeof answerLimits

/** The longest refusal or failure that is quoted, in bytes: it is redacted in one go. */
export const wordsLimit = 64 * kB

/** So much is read where it is; what is longer is parsed on a thread of its own. */
export const readHereLimit = 256 * kB

/** A size as people read it, e.g. `256 kB` and `1.5 MB`. */
export function sizeText(bytes: number): string {
  const [value, unit] = bytes < MB ? [bytes / kB, 'kB'] : [bytes / MB, 'MB']
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${unit}`
}
