/**
 * What the panel may cost, in the unit of each row: the project's own promises. A row that is above its budget is listed as
 * above, and the budget stays.
 */
export const budgets = {
  /** From the start of the process to the first answered request, in ms. */
  headlessStartMs: 400,
  /** From the start of the process to an Overview in Chromium that can be used, in ms. */
  interactiveMs: 1_200,
  /** HTML, scripts and styles of the first page, gzip, in kB of 1,000 bytes. */
  firstLoadKb: 200,
  /** No page open, up to 20 containers, one GPU child: in % of a core, and RSS in MiB. */
  idleCpu: 0.2,
  idleMiB: 100,
  /** The same with 100 containers and 12 services. */
  busyIdleCpu: 0.5,
  busyIdleMiB: 130,
  /** From a change of state in Docker to the page that shows it, in ms. */
  changeToPageMs: 150,
  /** What a generation costs beyond a direct call of the service, in ms. */
  generationMs: 20,
  /** A rotation without the service's own restart, in ms. */
  rotationMs: 1_000,
  /** From the engine to the page, in times of `docker logs`. */
  logStreamTimes: 1.5,
  /** Frames of a page that shows 50,000 new lines a second, p95 in ms. */
  floodFrameMs: 50,
  /** Of 100,000 generations: the first page, and a search, in ms. */
  galleryMs: 20,
  /** Count and size of all of them, of the favourites and of the bin, in ms. */
  galleryTotalsMs: 100,
  /** Of 1,000 people with 5,000 keys: to know one, and to list all, in ms. */
  keyLookUpMs: 0.1,
  peopleListMs: 100,
  /** Of 10,000 files of models: a page of them, a search, and families with disks, in ms. */
  modelsPageMs: 200,
  /** Of 30 days of eight cards: a chart in ms, the file in MiB; one sample taken in, in ms of CPU. */
  gpuMonthMs: 150,
  gpuHistoryMiB: 60,
  gpuSampleMs: 3,
  /** With 14 services, p95 in ms. */
  pageSwitchMs: 100,
  typingMs: 50,
  /** From a hand edit of a sink to the pages' event, and a map of its places, in ms. */
  driftMs: 2_000,
  mapMs: 100,
  /** A leak scan of 100 MB of text, in ms: 200 MB a second. */
  leakScanMs: 500,
  /** Frames while 100,000 lines are scrolled, in ms. */
  scrollFrameMs: 17,
  /** What the gateway adds to a small request, p50 and p99, in ms. */
  gatewayAddedMs: 1,
  gatewayAddedP99Ms: 5,
  /** Requests a second of nginx in the gateway's place, in times of its own: it makes a quarter of them. */
  gatewayRequestTimes: 4,
  /** How long a large body takes through it, in times of nginx's, and what the panel then holds above idle, in MiB. */
  gatewayStreamTimes: 1.25,
  gatewayStreamMiB: 100,
  /** CPU of WebSockets with previews, each kept from whom it is none of, in times of nginx's, which reads nothing. */
  gatewaySocketTimes: 2.5,
  /** Of the panel's event loop: p99, and the longest whatever comes from outside, in ms. */
  loopDelayMs: 20,
  longestStallMs: 100,
} as const
