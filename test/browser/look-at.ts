import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { type Visit, visit } from './chromium.ts';
import type { Scene } from './scene.ts';

/** `npm run screenshots` names the folder for pictures of every page; without it none is taken. */
const SHOTS = process.env.SCREENSHOTS;

const found = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }).passthrough(),
);

/** Violations of WCAG 2.2 A and AA, each with its first element. */
async function violations({ page }: Visit): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
  const result = await page.evaluate(
    `axe.run(document, ${JSON.stringify({ runOnly: tags })}).then((r) => r.violations)`,
  );
  return found.parse(result).map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Opens what is folded, which must be as good as the rest. */
const UNFOLD = 'document.querySelectorAll("details").forEach((each) => { each.open = true })';

/** One load of each page is looked at in three ways. */
const looks = {
  light: async ({ page }: Visit) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  },
  dark: ({ page }: Visit) => page.emulateMedia({ colorScheme: 'dark' }),
  phone: async ({ page }: Visit) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 740 });
  },
} as const;

/**
 * Opens a scene and looks at each of its pages, light, dark and at 320 px. Returns violations of WCAG, what scrolls
 * sideways, and complaints of the browser.
 */
export async function faultsOf(scene: Scene): Promise<string[]> {
  const urls = await scene.open();
  const visited = await visit('about:blank');
  const faults: string[] = [];
  for (const [path, status, role = 'operator'] of scene.pages) {
    const answer = await visited.page.goto(urls[role] + keyed(path, urls.keys));
    expect([path, answer?.status()]).toEqual([path, status]);
    await scene.acts?.[path]?.(visited.page);
    await visited.page.evaluate(axe.source);
    for (const [look, turn] of Object.entries(looks)) {
      await turn(visited);
      await shoot(visited, [scene.name, path, role, look]);
      await visited.page.evaluate(UNFOLD);
      if (look !== 'phone')
        faults.push(...(await violations(visited)).map((one) => `${path} ${look} ${one}`));
      else if (await isTooWide(visited)) faults.push(`${path} scrolls sideways`);
    }
  }
  // A page that is refused on purpose is a complaint of the browser, too.
  return [...faults, ...visited.complaints.filter((text) => !/status of [45]\d\d/.test(text))];
}

/** A path with the values of its names. */
function keyed(path: string, keys: Readonly<Record<string, string>> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => keys[name] ?? name);
}

async function isTooWide({ page }: Visit): Promise<boolean> {
  const over = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
  return z.boolean().parse(await page.evaluate(over));
}

async function shoot({ page }: Visit, names: readonly string[]): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  const name = names.join('_').replace(/[^\w-]+/g, '-');
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
