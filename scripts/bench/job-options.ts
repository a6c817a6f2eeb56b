/** Options of a create-user job in the baselines, as the product gives them. */
export const jobOptions = {
  attempts: 8,
  backoff: { type: 'onboard' },
  removeOnComplete: true,
  removeOnFail: { count: 10_000, age: 604_800 },
  ignoreDependencyOnFailure: true,
  stackTraceLimit: 1,
};
