import type { FastifyRequest } from 'fastify';

/** The route of a request as it is declared, without ids: `GET /care-api/points/v1/account/:customerId`. */
export const operationOf = (request: FastifyRequest): string =>
  `${request.method} ${request.routeOptions?.url ?? '(no route)'}`;
