import { imageHeaders } from './generations'
import { accountOf, procedures } from './procedures'

const { inputs } = procedures

export const inputsRouter = {
  upload: inputs.upload.handler(async ({ input, context }) =>
    context.parts.inputs.keep(accountOf(context.caller), await input.file.bytes(), null),
  ),
  fromImage: inputs.fromImage.handler(async ({ input, context }) => {
    const { generations, inputs: kept } = context.parts
    return kept.keepFile(accountOf(context.caller), await generations.image(input.id), input.id)
  }),
  get: inputs.get.handler(async ({ input, context }) => {
    const { bytes, mime } = await context.parts.inputs.read(input.id)
    return { headers: imageHeaders(input.id), body: new File([new Uint8Array(bytes)], input.id, { type: mime }) }
  }),
}
