import { callerName, procedures } from './procedures'

const { tls } = procedures

export const tlsRouter = {
  authority: tls.authority.handler(({ context }) => context.parts.authority.status()),
  makeAuthority: tls.makeAuthority.handler(({ input, context }) =>
    context.parts.authority.create(input.names, callerName(context.caller)),
  ),
  certificate: tls.certificate.handler(
    ({ context }) =>
      new File([context.parts.authority.certificate()], 'regie-authority.pem', { type: 'application/x-pem-file' }),
  ),
}
