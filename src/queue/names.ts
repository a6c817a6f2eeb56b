/**
 * Names of the queues; they are stored in Redis and outlive every refactoring. Each job has the
 * name of its queue. The seal has a queue of its own, so that it neither takes a token of the
 * people's rate limit nor waits behind them (B-FLOW-11).
 */
export const CREATE_USER = 'create-user';
export const INVITE = 'invite';
export const SEAL = 'seal';
/** Notifications: they neither wait for people nor stop with a hold. */
export const NOTIFY = 'notify';
