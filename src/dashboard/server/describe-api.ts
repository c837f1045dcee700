import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Path of the OpenAPI document. */
export const describedAt = '/api/openapi.json';

/** Security of an operation that a token is asked for. */
export const bearer = [{ bearer: [] }];

/** Answers with the OpenAPI document of all routes that are declared after it, and shows it under `/docs`. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      info: {
        title: 'Questline dashboard',
        description: 'Numbers of the published tables. Days are UTC; unknown is null.',
        version: '1',
      },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'dashboard.writeToken for what changes something; to read, dashboard.token where one is set.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  app.get(describedAt, { schema: { hide: true } }, () => app.swagger());
  const logo = await readFile(join(import.meta.dirname, '..', 'web', 'public', 'icon.svg'));
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    uiConfig: { urls: [{ url: describedAt, name: 'Questline dashboard' }] },
    theme: { title: 'Questline’s API' },
    logo: { type: 'image/svg+xml', content: logo },
  });
}
