import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { accessOf } from './access.js';
import type { Access } from './access.js';
import { concernsOf, isForWholeOperator, type Concerns } from './concerns.js';
import { selfServiceTitleOf } from './self-service.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** `TicketsController.list`. */
  readonly handler: string;
  readonly access: Access | undefined;
  /** Whose data it touches, as far as the request names them. */
  readonly concerns: Concerns | undefined;
  /** Only for actors whose scope is everybody. */
  readonly isForWholeOperator: boolean;
  /** What it is called where customers look; `undefined`: it is closed to them. */
  readonly selfService: string | undefined;
}

/** Every route of the application, with what it demands; works on a running and on a previewed application. */
export function routesOf(app: { get(token: typeof ModulesContainer): ModulesContainer }): readonly Route[] {
  return routesIn(app.get(ModulesContainer));
}

export function routesIn(modules: ModulesContainer): readonly Route[] {
  const scanner = new MetadataScanner();
  return [...modules.values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, object>;
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        const method = handler && (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
        if (!handler || method === undefined) return [];
        return pathsOf(metatype).flatMap((base) =>
          pathsOf(handler).map((path) => ({
            method: RequestMethod[method],
            path: `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
            handler: `${metatype.name}.${name}`,
            access: accessOf(handler, metatype),
            concerns: concernsOf(handler),
            isForWholeOperator: isForWholeOperator(handler),
            selfService: selfServiceTitleOf(handler),
          })),
        );
      });
    }),
  );
}

const pathsOf = (target: object): readonly string[] =>
  [(Reflect.getMetadata(PATH_METADATA, target) as string | readonly string[] | undefined) ?? ''].flat();

/** @throws Error naming the routes that say neither who may call them nor that everybody may. */
export function assertAccessIsDeclared(routes: readonly Route[]): void {
  const open = routes.filter(({ access }) => access === undefined);
  if (open.length === 0) return;
  const names = open.map(({ method, path, handler }) => `  ${method} ${path} (${handler})`).join('\n');
  throw new Error(`These routes declare neither @Permission nor @Public:\n${names}`);
}
