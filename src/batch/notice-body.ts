import type { Hold } from '../ledger/holds.ts';
import type { Notice } from '../ledger/notices.ts';
import type { Report } from '../ledger/report.ts';

/** What a notice is made of. */
interface Told {
  notice: Notice;
  report: Report;
  /** The hold, when it is what happened. */
  hold?: Hold | undefined;
}

/** The JSON that is sent. It holds numbers and reasons, no e-mail and no name. */
export function noticeBody({ notice, report, hold }: Told): string {
  const { event, batch: batchId, at } = notice;
  const { code = '', reason = '', remedy = '' } = hold ?? {};
  return JSON.stringify({
    event,
    batchId,
    text: noticeText({ notice, report, hold }),
    report,
    ...(hold === undefined ? {} : { hold: { code, reason, remedy } }),
    at: new Date(at).toISOString(),
  });
}

/** One message for people, as Slack and its likes show `text`. */
function noticeText({ notice, report, hold }: Told): string {
  const { accepted, created, existing, failed, cancelled, pending, invited } = report;
  const parts = [
    `${created} created`,
    `${existing} existing`,
    `${failed} failed`,
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(pending > 0 ? [`${pending} pending`] : []),
  ];
  const sum = `${accepted} people: ${parts.join(', ')}; ${invited} invited.`;
  if (hold === undefined) return `Batch ${notice.batch} is ${notice.event}. ${sum}`;
  const why = escaped(`held (${hold.code}): ${hold.reason} What to do: ${hold.remedy}`);
  return `Batch ${notice.batch} is ${why} ${sum}`;
}

/** A reason may quote the portal, and `<!channel>` in it would call everybody in Slack. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
