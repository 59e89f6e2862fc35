/**
 * `request_row` holds what proxies say of whom they called, for which client, one row a line of their logs. `called` is how the other end
 * of the proxy's own session is known: its address as text, else the name that was asked for. `via` is the proxy's own address, where
 * it is told. `proxy_row` holds the addresses that any source shows to be proxies.
 */
export const REQUEST_SCHEMA = `
CREATE TABLE request_row(num INTEGER PRIMARY KEY, device TEXT NOT NULL, parser TEXT NOT NULL, is_tunnel INTEGER NOT NULL,
  client BLOB NOT NULL, client_port INTEGER, called TEXT NOT NULL, port INTEGER, via BLOB, at INTEGER NOT NULL, start INTEGER,
  user TEXT, bytes INTEGER, raw_seq INTEGER NOT NULL, received_at INTEGER NOT NULL) STRICT;
CREATE INDEX request_by_called ON request_row(called, at);
CREATE INDEX request_by_client ON request_row(client, at);
CREATE INDEX request_by_via ON request_row(via) WHERE via IS NOT NULL;
CREATE INDEX request_unplaced ON request_row(num) WHERE via IS NULL;
CREATE TABLE proxy_row(address BLOB PRIMARY KEY, recorded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
