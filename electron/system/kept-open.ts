/**
 * How long a connection in which nothing is asked is kept: what clients are told, in s, and what is done, in ms. A client,
 * or a reverse proxy with a pool of them, sends the next request until the end of what it was told; node closes exactly
 * then (5 s by default), and on a busy machine a request crosses the close: the client sees a reset, and may not repeat
 * what is no GET.
 */
export const keptOpen = { toldS: 60, keptMs: 75_000 }
