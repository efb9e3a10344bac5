// The head of the OpenAPI document; the routes fill it.
// OpenAPI 3.0.3 4.7.1 OpenAPI Object

import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.0.3',
    info: {
      title: 'easms admin API',
      description: 'Errors are `{"error": {"code", "message", "field"?}}`. Unknown request fields are refused.',
      version: '1',
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
};
