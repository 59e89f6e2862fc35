import { networkReader } from './devices/network-work';
import { esxiReader } from './esxi/esxi-reader';
import type { DeviceWork, PlatformReader, WorkGround } from './poller/device-work';

/** Everything that reads devices. A new one is one line here. */
const READERS: readonly PlatformReader[] = [esxiReader, networkReader];

/** What reads a device of this platform; undefined when nothing does yet. */
export function workFor(ground: WorkGround): DeviceWork | undefined {
  const { platform } = ground.device;
  return READERS.find(({ platforms }) => platforms.includes(platform))?.create(ground);
}
