/** A valid batch id: part of Redis keys, job ids and file names. */
export const BATCH_ID = /^[a-zA-Z][\w-]{0,63}$/;

/** The form of a batch id in words. */
export const BATCH_ID_FORM = 'a letter, then up to 63 letters, digits, _ and -';
