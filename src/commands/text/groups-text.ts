import { counted } from '../../count.ts';
import type { Plan } from '../../preflight/make-plan.ts';
import { line } from '../../printable.ts';

/** Groups of each kind in a plan. */
const MOST_SHOWN = 20;

/** The lines of a plan about its groups, with the people in each. */
export function groupLines(groups: Plan['groups']): string[] {
  if (groups === undefined) return [];
  if (groups === 'later') return ['  groups: found by the workers, before the first person'];
  const { existing, toMake, unknown } = groups;
  return [
    ...linesOf('groups', existing),
    ...linesOf('groups to be made', toMake),
    ...linesOf(
      'unknown groups, left out',
      unknown.map((each) => {
        const near = each.nearest.map((name) => JSON.stringify(name)).join(', ');
        return { ...each, like: near === '' ? '' : `; like ${near}` };
      }),
    ),
  ];
}

interface Shown {
  name: string;
  people: number;
  like?: string;
}

function linesOf(title: string, groups: readonly Shown[]): string[] {
  if (groups.length === 0) return [];
  const named = groups.slice(0, MOST_SHOWN).map(({ name, people, like = '' }) => {
    return `${JSON.stringify(name)} (${counted(people, 'person', 'people')}${like})`;
  });
  const rest = groups.length - named.length;
  const more = rest > 0 ? `, and ${counted(rest, 'other', 'others')}` : '';
  return [line`  ${title}: ${named.join(', ')}${more}`];
}
