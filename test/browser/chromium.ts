import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { lazy, onRelease } from '../support/resources.ts';
import { chromiumPlace } from './chromium-place.ts';

const launched = lazy(async (): Promise<Browser> => {
  const executablePath = chromiumPlace();
  if (executablePath === undefined) {
    throw new Error('no Chromium found: run ./scripts/test.sh as root, or install it');
  }
  // Tests run as root in containers, where Chromium's own sandbox cannot start.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});

interface Look {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  /** Whether scripts run. */
  script?: boolean;
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors of the page and refusals of its policy. */
  complaints: string[];
}

/** Opens a page in a browser of its own. Complaints of the browser are kept. */
export async function visit(url: string, look: Look = {}): Promise<Visit> {
  const { width = 1280, height = 800, scheme = 'light', script = true } = look;
  const browser = await launched();
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: script,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  onRelease(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, context, complaints };
}
