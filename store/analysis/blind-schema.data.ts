/**
 * `blind` had no rows before; `pulse_row` is what the next silence is told from. `translator_row` names the devices that ever told
 * whose translations an address stood for: when they are silent, its sessions are nobody's.
 */
export const BLIND_SCHEMA = `
DROP TABLE blind;
CREATE TABLE blind(device TEXT NOT NULL, kind TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER,
  reason TEXT NOT NULL, missing INTEGER, unit TEXT NOT NULL, detail TEXT NOT NULL, raw_seq INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, PRIMARY KEY (device, kind, "from", reason)) STRICT, WITHOUT ROWID;
CREATE INDEX blind_by_time ON blind("from");
CREATE TABLE pulse_row(device TEXT NOT NULL, kind TEXT NOT NULL, last INTEGER NOT NULL, last_seq INTEGER NOT NULL,
  silences TEXT NOT NULL, PRIMARY KEY (device, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE translator_row(address BLOB NOT NULL, device TEXT NOT NULL, PRIMARY KEY (address, device)) STRICT, WITHOUT ROWID;
INSERT INTO translator_row SELECT DISTINCT nat_src, device FROM account_row WHERE nat_src IS NOT NULL;
`;
