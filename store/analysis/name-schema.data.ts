/**
 * What DNS logs say is kept as bindings `ip-name` and `ip-query`. `named_row` lists what has become known of them and is not looked at
 * yet; `client_row` gives each address that asked a number, and says whether its questions are to be judged again.
 */
export const NAME_SCHEMA = `
CREATE TABLE named_row(num INTEGER PRIMARY KEY AUTOINCREMENT, relation TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  "from" INTEGER NOT NULL, "to" INTEGER NOT NULL) STRICT;
CREATE TABLE client_row(num INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, dirty INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE INDEX client_dirty ON client_row(num) WHERE dirty = 1;
`;
