import type { Fact, FactBase } from '../../model/facts';
import { PROTOCOL_NAMES } from '../../model/protocol-names.data';
import { type Reading, bindingOf, hostPort, natKey } from './reading';

/**
 * The `nat` binding of a translation: `PROTOCOL:outside address:port` ↔ `inside address:port`; ports only where both sides
 * have one. A block of ports is a `nat-block`, `ADDRESS:FIRST-LAST`. None when the line states no
 * translation.
 */
export function natBinding(
  state: 'begin' | 'end',
  { source, destination, body, extra }: Reading,
  base: FactBase,
): Fact[] {
  if (source.ip === undefined || source.natIp === undefined) return [];
  const protocol = body.protocol === undefined ? undefined : PROTOCOL_NAMES[body.protocol];
  const withPorts = source.natPort !== undefined && source.port !== undefined;
  const type = extra['ascribe.translation'];
  const block = extra['ascribe.nat.port_block'];
  const value = hostPort(source.ip, withPorts ? source.port : undefined);
  const key =
    block === undefined
      ? natKey(protocol ?? 'ip', source.natIp, withPorts ? source.natPort : undefined)
      : `${source.natIp}:${block}`;
  return [
    bindingOf(base, block === undefined ? 'nat' : 'nat-block', key, value, state, {
      ...(block === undefined || protocol === undefined ? undefined : { 'network.transport': protocol }),
      ...(body.ingressInterface === undefined ? undefined : { inside_interface: body.ingressInterface }),
      ...(body.egressInterface === undefined ? undefined : { outside_interface: body.egressInterface }),
      ...(destination.ip === undefined ? undefined : { destination: hostPort(destination.ip, destination.port) }),
      ...(type === undefined ? undefined : { translation: type }),
    }),
  ];
}
