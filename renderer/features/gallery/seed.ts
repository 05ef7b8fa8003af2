/** A seed that every service takes: 32 bits. */
export const drawSeed = (random: () => number = Math.random): number => Math.floor(random() * 2 ** 32)
