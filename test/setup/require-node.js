'use strict';

/** better-sqlite3 needs Node-API 10; on an older Node its addon ends the process without a word, so say it first. */
module.exports = async () => {
  if (Number(process.versions.napi) < 10) throw new Error(`the tests need Node >= 22.14, this is ${process.version}`);
};
