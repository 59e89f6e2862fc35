import { codeOf } from './thrown';

/** The exit codes scripts rely on. A code that is not listed means failure. */
export const EXIT = {
  done: 0,
  /** Ran and failed, or `verify` found a fault. */
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** Some devices or records failed; the results that were got are kept. */
  partial: 3,
  /** A query matched nothing. */
  nothing: 4,
  noDataDirectory: 10,
  dataDirectoryInUse: 11,
  authentication: 12,
  nodeTooOld: 69,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot do what was asked: one clear sentence for people, a stable code, and the exit code. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Exit codes of errors that other folders throw, by their `code`; every other code is a failure. */
const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  config_invalid: EXIT.usage,
  secret_refused: EXIT.usage,
  session_filter: EXIT.usage,
  data_in_use: EXIT.dataDirectoryInUse,
};

/** The exit code an error asks for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  return EXIT_BY_CODE[codeOf(error) ?? ''] ?? EXIT.failed;
}
