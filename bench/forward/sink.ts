import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';

/*
 * A receiver that costs as little as can be: run as a child of the bench, so that its CPU is not counted. Prints its two
 * ports, and on each line of input the messages and bytes that came by TCP.
 */
let bytes = 0;

const tcp = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data) => (bytes += data.length));
});

const bulk = createHttpServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"took":1,"errors":false,"items":[]}');
  });
});

tcp.listen(0, '127.0.0.1', () => {
  bulk.listen(0, '127.0.0.1', () => {
    const ports = [tcp, bulk].map((server) => (server.address() as AddressInfo).port);
    process.stdout.write(`${ports.join(' ')}\n`);
  });
});

process.stdin.on('data', () => void process.stdout.write(`${bytes}\n`));
process.stdin.on('end', () => {
  tcp.close();
  bulk.close();
  bulk.closeAllConnections();
  process.exitCode = 0;
});
