/** The frame of a picture of this ratio: as large as its panel and the window allow, so that both sides have one scale. */
export const frameOf = (ratio: number) => ({
  aspectRatio: String(ratio),
  width: `min(100%, calc((100vh - var(--around)) * ${ratio}))`,
})
