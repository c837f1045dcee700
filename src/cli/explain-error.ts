/** Errors whose message says all that a person needs; by name, so that nothing is loaded only to recognise them. */
const known = new Set([
  'StackNotRunningError',
  'StackRunningError',
  'ServerBinaryError',
  'TemporalUnreachableError',
  'StorageError',
  'ProcessError',
  'LogFileError',
  'MetricsAddressError',
  'PageError',
  'WriteTokenError',
  'CommandFailed',
  'Refused',
  'DataQualityError',
  'NoRawData',
  'UnreadableObject',
  'AuditError',
  'InvalidRequest',
]);

/** Whether the error's own message says all that a person needs. */
export function isForPeople(error: unknown): boolean {
  return error instanceof Error && known.has(error.name);
}

/** What to show of an error that ended a command, and its exit code. A stack trace only for what is a fault of Questline. */
export function explainError(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (!(error instanceof Error)) return { message: String(error), exitCode: 1 };
  if (error.name === 'UsageError' || error.name === 'DayError')
    return { message: error.message, exitCode: 2 };
  if (error.name === 'ConfigError')
    return { message: `The configuration can't be used:\n${error.message}`, exitCode: 1 };
  if (isForPeople(error)) return { message: error.message, exitCode: 1 };
  return {
    message: `Questline failed in a way that it should not:\n${error.stack ?? error.message}`,
    exitCode: 1,
  };
}
