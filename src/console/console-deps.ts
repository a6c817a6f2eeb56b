import type { Acting } from '../actions/batch-actions.ts';
import type { RolePortal } from '../actions/set-roles.ts';
import type { Readable } from '../overview/overview.ts';
import type { Logger } from '../process/logger.ts';
import type { Timings } from '../timings.ts';
import type { Assets } from './assets.ts';
import type { Authentication } from './auth/authentication.ts';
import type { Site } from './auth/site.ts';
import type { Viewer } from './auth/viewer.ts';
import type { Hub } from './live/hub.ts';
import type { SystemFacts } from './system-facts.ts';
import type { Uploads } from './uploads/uploads.ts';

/** Everything that the console works with. */
export interface ConsoleDeps {
  readable: Readable;
  /** Who acts, for an action of this viewer. */
  actingOf(viewer: Viewer): Acting;
  auth: Authentication;
  /** By what Host and Origin of a request are judged. */
  site: Site;
  assets: Assets;
  hub: Hub;
  /** Absent where no list can be uploaded. */
  uploads?: Uploads | undefined;
  isReady(): Promise<boolean>;
  /** Host of the portal, where it is configured. */
  portal: string | undefined;
  /** CONSOLE_LABEL: which installation this is, so that production is not taken for a test. */
  label: string | undefined;
  system: SystemFacts;
  /** The portal for setting roles; undefined without its address or a key. */
  rolePortal: RolePortal | undefined;
  /** bull-board, read-only, for admins. */
  rawQueues: { fetch(request: Request): Response | Promise<Response> };
  logger: Logger;
  timings: Timings;
  /** ms since the epoch */
  now(): number;
}
