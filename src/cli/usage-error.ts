/** The command was called with something that it can't take: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command did not reach its aim for a reason that has been told already: exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
