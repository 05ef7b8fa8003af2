import { describe, expect, test } from 'vitest'
import { judgeBuildRoom, neededGiB } from '../../../electron/docker/room/build-room'
import { desktopDisks, imageFolders, readStat, readTold, roomInFile } from '../../../electron/docker/room/free'

const gib = 2 ** 30
const here = { platform: 'linux' as const, hostname: 'box', kernel: '6.8.0', env: {}, home: '/home/ada' }
const told = (more = {}) => readTold({ DockerRootDir: '/var/lib/docker', Name: 'box', KernelVersion: '6.8.0', ...more })

describe('where images lie', () => {
  test('on this machine where the engine is of this machine', () => {
    expect(imageFolders(told(), 'native', here)).toEqual(['/var/lib/docker'])
    expect(imageFolders(told(), 'rootless', here)).toEqual(['/var/lib/docker'])
  })
  test('in containerd too where the engine keeps them there', () => {
    const DriverStatus = [['driver-type', 'io.containerd.snapshotter.v1']]
    expect(imageFolders(told({ DriverStatus }), 'native', here)).toEqual(['/var/lib/docker', '/var/lib/containerd'])
  })
  test.each([
    ['Docker Desktop', told(), 'desktop', here],
    ['an engine elsewhere', told(), 'remote', here],
    ['an engine of a virtual machine', told({ Name: 'lima' }), 'native', here],
    ['an engine beside the container that Regie runs in', told({ Name: 'a1b2c3' }), 'native', here],
    ['another kernel', told({ KernelVersion: '5.15.0' }), 'native', here],
    ['Windows', told(), 'native', { ...here, platform: 'win32' as const }],
    ['an engine that tells nothing', readTold(null), 'native', here],
  ] as const)('are not sought on this machine with %s', (_, engine, kind, at) => {
    expect(imageFolders(engine, kind, at)).toEqual([])
  })
  test('of Docker Desktop are in a file of its own, by system', () => {
    const windows = { ...here, platform: 'win32' as const, env: { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' } }
    expect(desktopDisks(windows)[0]).toBe('C:\\Users\\ada\\AppData\\Local\\Docker\\wsl\\disk\\docker_data.vhdx')
    expect(desktopDisks({ ...here, platform: 'darwin' })[0]).toMatch(/Docker\.raw$/)
  })
})

describe('room in a disk that is a file', () => {
  const inside = { freeBytes: 900 * gib, totalBytes: 1000 * gib }
  const file = { path: 'C:\\docker_data.vhdx', bytes: 130 * gib, freeBytes: 20 * gib }
  test('is what it holds free, and beyond that what its drive has', () => {
    // 130 GiB of file with 100 in use: 30 may be written without growing, 20 more by growing.
    expect(roomInFile(inside, file)).toEqual({ leastBytes: 50 * gib, mostBytes: 50 * gib })
  })
  test('is never more than the disk itself has', () => {
    expect(roomInFile({ freeBytes: 5 * gib, totalBytes: 60 * gib }, file).mostBytes).toBe(5 * gib)
  })
  test('is bounded on one side only by what one of the two says', () => {
    expect(roomInFile(inside, null)).toEqual({ leastBytes: null, mostBytes: 900 * gib })
    expect(roomInFile(null, file)).toEqual({ leastBytes: 20 * gib, mostBytes: null })
    expect(roomInFile(null, null)).toEqual({ leastBytes: null, mostBytes: null })
  })
})

test.each([
  ['254003 4096 514235\n', 254003 * 4096],
  ['  1 2 3', null],
  ['File: "/"', null],
  ['1 0 3', null],
  ['', null],
])('what stat says of a disk: %j', (printed, free) => {
  expect(readStat(printed)?.freeBytes ?? null).toBe(free)
})

describe('a build', () => {
  const room = (least: number | null, most: number | null) => ({
    leastBytes: least === null ? null : least * gib,
    mostBytes: most === null ? null : most * gib,
    where: '/var/lib/docker',
  })
  test('needs half as much again as its image, and some for what runs', () => {
    expect(neededGiB(10)).toBe(17)
    expect(neededGiB(9)).toBe(16)
    expect(neededGiB(0.1)).toBe(3)
  })
  test('that fits is told to fit, and one that does not is refused with both figures', () => {
    expect(judgeBuildRoom(room(17, 17), 10)).toMatchObject({ state: 'fits', freeGiB: 17, neededGiB: 17, reason: null })
    const refused = judgeBuildRoom(room(16.9, 16.9), 10)
    expect(refused).toMatchObject({ state: 'no-room', freeGiB: 16 })
    expect(refused.reason).toMatchObject({ problem: 'docker.no-room', params: { free: 16, needed: 17 } })
    expect(refused.reason?.message).toContain('16 GiB')
  })
  test('is not refused by what nobody knows', () => {
    for (const unsure of [room(null, null), room(null, 900), room(3, null)])
      expect(judgeBuildRoom(unsure, 10)).toMatchObject({
        state: 'unknown',
        reason: { problem: 'docker.room-unknown', params: { needed: 17 } },
      })
  })
  test('is refused where there is less than needed at the very most, and fits where there is enough at least', () => {
    expect(judgeBuildRoom(room(null, 12), 10).state).toBe('no-room')
    expect(judgeBuildRoom(room(40, null), 10).state).toBe('fits')
  })
  test('of an image of unknown size is refused only on a full disk', () => {
    expect(judgeBuildRoom(room(50, 50), null)).toMatchObject({ state: 'unknown', neededGiB: null })
    expect(judgeBuildRoom(room(1, 1), null)).toMatchObject({ state: 'no-room', reason: { params: { needed: 2 } } })
  })
})
