import { counted } from '../count.ts';
import { gates, gateText } from '../gates.ts';
import type { Report } from '../ledger/batch/numbers.ts';
import type { Notification } from '../ledger/notes/notifications.ts';
import { areAllUsers, typesText } from '../people/account-types.ts';
import { type HoldCode, plainHold } from '../stops.ts';

interface Content {
  notification: Notification;
  report: Report;
  /** Code of the hold, for the event `held`. */
  hold: HoldCode | undefined;
}

/**
 * The JSON body: numbers, codes and our own sentences. No word of the portal or of Redis is in it,
 * because such a word can name a person, and the body is signed.
 */
export function notificationBody(content: Content): string {
  const { notification, report, hold } = content;
  const { event, batch: batchId, at } = notification;
  return JSON.stringify({
    event,
    batchId,
    text: textOf(content),
    report,
    hold: hold && holdOf(hold),
    at: new Date(at).toISOString(),
  });
}

/** One message for people, as Slack and similar services show `text`. */
function textOf({ notification, report, hold }: Content): string {
  const { accepted, created, existing, failed, cancelled, pending, invited } = report;
  const parts = [`${created} created`, `${existing} existing`, `${failed} failed`];
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  if (pending > 0) parts.push(`${pending} pending`);
  const types = areAllUsers(report.types) ? '' : ` (${typesText(report.types)})`;
  const ends = [`${invited} invited`];
  if (report.notInvitable > 0) ends.push(`${report.notInvitable} not invitable`);
  if (report.groupsMissing > 0) ends.push(`${report.groupsMissing} not in every group`);
  if (report.unmailed > 0) ends.push(`${report.unmailed} perhaps without a mail`);
  if (report.otherRole > 0) ends.push(`${report.otherRole} with another role than asked`);
  const sum = `${accepted} people${types}: ${parts.join(', ')}; ${ends.join(', ')}.`;
  const { batch, event } = notification;
  if (event === 'waiting') return `Batch ${batch} waits for a person: ${waitText(report)}. ${sum}`;
  if (hold === undefined) return `Batch ${batch} is ${event}. ${sum}`;
  const { code, reason, remedy } = holdOf(hold);
  return `Batch ${batch} is held (${code}): ${reason} What to do: ${remedy} ${sum}`;
}

/** Names the command that ends the wait, as `onboard status` does. */
function waitText({ batchId, pending, gate }: Report): string {
  if (gate === null) {
    const people = counted(pending, 'person is', 'people are');
    return `${people} held back; to create them: onboard continue ${batchId}`;
  }
  const what = gateText(gate.code);
  const { remedy } = gates[gate.code];
  const first = remedy === undefined ? '' : `; what to do: ${remedy}`;
  return `${what}${first}; to send it now: onboard invite ${batchId}`;
}

function holdOf(code: HoldCode) {
  const { what, remedy } = plainHold(code);
  return { code, reason: `${what}.`, remedy };
}
