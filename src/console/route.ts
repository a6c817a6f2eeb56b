import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Permission } from './auth/roles.ts';
import type { Viewer } from './auth/viewer.ts';

/** Values that the guards leave for a handler. */
export interface ConsoleEnv {
  Bindings: HttpBindings;
  Variables: { viewer: Viewer };
}

export type ConsoleContext = Context<ConsoleEnv>;

/** One address of the console. Its guards follow from it: `createConsole` adds them to every route. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  /** Permission that the viewer must have; `nothing` is open to everybody. */
  needs: Permission | 'nothing';
  /** Whether it takes files: it then reads the form itself, and checks its token. */
  takesFiles?: boolean;
  handle(c: ConsoleContext): Response | Promise<Response>;
}
