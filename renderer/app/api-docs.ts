import 'swagger-ui-dist/swagger-ui.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle'
import { pageHeaders } from '../api/page-key'

/** The REST API's page: all of it is served by the panel itself. */
SwaggerUI({
  dom_id: '#api',
  url: '/api/v1/openapi.json',
  deepLinking: true,
  docExpansion: 'list',
  tryItOutEnabled: false,
  validatorUrl: null,
  requestInterceptor: (request) => ({ ...request, headers: { ...request.headers, ...pageHeaders() } }),
})
