import type { IncomingHttpHeaders } from 'node:http'

/** With this header the waking page says that it is what asks, and the gateway that it is what answers. */
export const againHeader = 'x-regie-waking'

/**
 * Whether the waking page asks for itself once more, by its script. A page of another origin cannot: its browser asks first
 * whether it may send such a header, and is refused; where it can it says too where a request comes from.
 */
export const isAskedAgain = (headers: IncomingHttpHeaders): boolean =>
  headers[againHeader] !== undefined && ['same-origin', undefined].includes(headers['sec-fetch-site']?.toString())
