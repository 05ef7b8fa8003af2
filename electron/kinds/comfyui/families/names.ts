/** Quantisations in which GGUF files are published; the converters' own names. */
const quantisations = [
  ...['Q2_K', 'Q3_K_S', 'Q3_K_M', 'Q3_K_L', 'Q4_0', 'Q4_1', 'Q4_K_S', 'Q4_K_M', 'Q5_0', 'Q5_1', 'Q5_K_S', 'Q5_K_M'],
  ...['Q6_K', 'Q8_0', 'BF16', 'F16'],
]

/** `stem_bf16.safetensors`, … */
export const safetensors = (stem: string, ...variants: string[]) =>
  variants.map((variant) => `${stem}${variant}.safetensors`)

/** Every published GGUF of a model: only a custom node loads them. */
export const ggufs = (...stems: string[]) =>
  stems.flatMap((stem) => quantisations.map((quantisation) => `${stem}-${quantisation}.gguf`))
