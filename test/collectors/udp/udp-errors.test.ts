import { ListenAddressError, PortInUseError, PortPermissionError } from '../../../collectors/udp/udp-errors';

test.each([
  [
    'a port in use, holder known',
    new PortInUseError('udp', '0.0.0.0', 2055, { pid: 42, name: 'nfcapd' }),
    'port_in_use',
    'udp port 2055 on 0.0.0.0 is in use by nfcapd (process 42)',
  ],
  [
    'a port in use, holder unknown',
    new PortInUseError('tcp', '::', 514, undefined),
    'port_in_use',
    'tcp port 514 on :: is in use by another socket',
  ],
  [
    'a privileged port',
    new PortPermissionError('udp', '0.0.0.0', 514),
    'port_permission',
    'no permission to bind udp port 514 on 0.0.0.0; ports below 1024 need CAP_NET_BIND_SERVICE',
  ],
  [
    'a port forbidden for another reason',
    new PortPermissionError('udp', '0.0.0.0', 2055),
    'port_permission',
    'no permission to bind udp port 2055 on 0.0.0.0',
  ],
  [
    'an address of nobody',
    new ListenAddressError('udp', '2001:db8::1', 2055, Object.assign(new Error('x'), { code: 'EADDRNOTAVAIL' })),
    'listen_address',
    'cannot bind udp [2001:db8::1]:2055: no interface of this host has that address',
  ],
  [
    'anything else keeps the words of the system',
    new ListenAddressError('udp', '192.0.2.1', 1, Object.assign(new Error('bind EINVAL'), { code: 'EINVAL' })),
    'listen_address',
    'cannot bind udp 192.0.2.1:1: bind EINVAL',
  ],
])('%s', (_name, error, code, message) => {
  expect([error.code, error.message]).toEqual([code, message]);
});
