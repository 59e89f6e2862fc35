/** Why a device's command line could not be used. */
export type DeviceSessionCode =
  /** Nothing that looks like a prompt came in time. */
  | 'device_no_prompt'
  /** The device asks something that must not be answered. */
  | 'device_question'
  | 'device_closed'
  | 'device_cancelled';

/** A shell that cannot be worked with. The message holds nothing that the device sent but its last line. */
export class DeviceSessionError extends Error {
  constructor(
    readonly code: DeviceSessionCode,
    message: string,
  ) {
    super(message);
    this.name = 'DeviceSessionError';
  }
}
