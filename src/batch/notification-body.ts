import type { Report } from '../ledger/batch/numbers.ts';
import type { Notification } from '../ledger/notes/notifications.ts';
import type { Hold } from '../ledger/stops/holds.ts';

interface Content {
  notification: Notification;
  report: Report;
  /** The hold, for the event `held`. */
  hold: Hold | undefined;
}

/** The JSON body: numbers and reasons, no e-mail and no name. */
export function notificationBody(content: Content): string {
  const { notification, report, hold } = content;
  const { event, batch: batchId, at } = notification;
  const { code, reason, remedy } = hold ?? {};
  return JSON.stringify({
    event,
    batchId,
    text: textOf(content),
    report,
    hold: hold && { code, reason, remedy },
    at: new Date(at).toISOString(),
  });
}

/** One message for people, as Slack and similar services show `text`. */
function textOf({ notification, report, hold }: Content): string {
  const { accepted, created, existing, failed, cancelled, pending, invited } = report;
  const parts = [`${created} created`, `${existing} existing`, `${failed} failed`];
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  if (pending > 0) parts.push(`${pending} pending`);
  const sum = `${accepted} people: ${parts.join(', ')}; ${invited} invited.`;
  const { batch, event } = notification;
  if (hold === undefined) return `Batch ${batch} is ${event}. ${sum}`;
  const why = escaped(`held (${hold.code}): ${hold.reason} What to do: ${hold.remedy}`);
  return `Batch ${batch} is ${why} ${sum}`;
}

/** A reason may quote the portal, and `<!channel>` in it would call everybody in Slack. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
