/** A POST /people for undici, as its documentation has it. */
export function creation(email: string) {
  const person = { email, firstName: 'Anna', lastName: 'Example', type: 'User' };
  return {
    method: 'POST',
    path: '/api/2.0/people',
    headers: { authorization: 'Bearer sk-bench', 'content-type': 'application/json' },
    body: JSON.stringify(person),
  } as const;
}
