import type Sharp from 'sharp'

let loading: Promise<typeof Sharp> | undefined
/** Its native part takes 100 ms to load, which the start of the panel need not wait for. */
export const loadSharp = () =>
  (loading ??= import('sharp').then(({ default: sharp }) => {
    // It would keep files open, which Windows then neither renames nor deletes.
    sharp.cache(false)
    return sharp
  }))
