/** What a script shows to be known by; null where it shows nothing. */
export const bearerOf = (headers: Headers): string | null =>
  /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? null
