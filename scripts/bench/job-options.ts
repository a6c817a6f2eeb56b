/** Options of a create-user job in the baselines, as the product gives them. */
export const jobOptions = {
  attempts: 8,
  backoff: { type: 'onboard' },
  ignoreDependencyOnFailure: true,
  stackTraceLimit: 1,
};
