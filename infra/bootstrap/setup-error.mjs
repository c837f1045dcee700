/** Setting up did not work; the message says what failed, why, and what to do, and is all that is shown. */
export class SetupError extends Error {
  /** @param {string} message @param {unknown} [cause] */
  constructor(message, cause) {
    super(message, { cause });
    this.name = 'SetupError';
  }
}
