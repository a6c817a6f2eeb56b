import { parse } from 'yaml';
import { z } from 'zod';
import { read } from './documents.ts';

/** Values of a `.env` for the file. */
export const VALUES: Record<string, string> = {
  DOCSPACE_API_KEY: 'sk-key-of-the-env-file',
  REDIS_PASSWORD: 'password-of-the-program',
  REDIS_READER_PASSWORD: 'password-of-the-reader',
};

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      env_file: z.unknown().optional(),
      environment: z.record(z.string(), z.string()).default({}),
      command: z.array(z.string()),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
    }),
  ),
  configs: z.record(z.string(), z.object({ content: z.string() })).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
});

/** The file as Compose reads it, which puts the values of a `.env` into parsed texts. */
export function compose() {
  const filled = (_: unknown, value: unknown) =>
    typeof value === 'string'
      ? value.replace(
          /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
          (_all, name: string, how?: string, text = '') =>
            VALUES[name] ?? (how === '-' ? text : ''),
        )
      : value;
  return composeSchema.parse(parse(read('docker-compose.yml'), filled, { merge: true }));
}
