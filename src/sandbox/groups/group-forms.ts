import { ValidationError } from '../http/portal-exceptions.ts';
import { checkFaults, Fields } from '../http/request-body.ts';

const DTO = 'ASC.People.ApiModels.RequestDto.';
const MAX_NAME = 128;

/** The body of POST /group (P-GROUP-01, P-GROUP-02). @throws ValidationError */
export function readNewGroup(body: unknown) {
  const fields = new Fields(body, '$', `${DTO}GroupRequestDto`);
  if (!fields.has('groupName')) throw missing(`${DTO}GroupRequestDto`, 'groupName');
  const form = { ...readCommon(fields), members: fields.guids('members') ?? [] };
  const groupName = form.groupName ?? '';
  checkFaults({ GroupName: nameFaults(groupName) });
  return { ...form, groupName };
}

/** The body of PUT /group/{id} (P-GROUP-09). @throws ValidationError */
export function readGroupChange(body: unknown) {
  const fields = new Fields(body, '$', `${DTO}UpdateGroupRequest`);
  const form = readCommon(fields);
  checkFaults({ GroupName: form.groupName === undefined ? [] : nameFaults(form.groupName) });
  return {
    ...form,
    membersToAdd: fields.guids('membersToAdd') ?? [],
    membersToRemove: fields.guids('membersToRemove') ?? [],
  };
}

/** The ids in `{"members":[…]}`; undefined when there is no list. @throws ValidationError */
export function readMembers(body: unknown): string[] | undefined {
  return new Fields(body, '$', `${DTO}MembersRequest`).guids('members');
}

function readCommon(fields: Fields) {
  return { groupName: fields.text('groupName'), groupManager: fields.guid('groupManager') };
}

function nameFaults(name: string): string[] {
  if (name.trim() === '') return ['The GroupName field is required.'];
  if (name.length <= MAX_NAME) return [];
  const text = 'The field GroupName must be a string with a minimum length of 1';
  return [`${text} and a maximum length of ${MAX_NAME}.`];
}

function missing(type: string, name: string): ValidationError {
  const text = `JSON deserialization for type '${type}' was missing required properties including: '${name}'.`;
  return new ValidationError({ $: [text] });
}
