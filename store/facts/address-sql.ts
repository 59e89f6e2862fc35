/**
 * Text of an address BLOB as a plain SQL expression, so that the public views show it in any SQLite client without a
 * function of ours. Gives the same text as `addressText`: dotted quad, or RFC 5952 for 16 bytes; NULL for NULL.
 */
export function addressTextSql(column: string): string {
  return `CASE length(${column}) WHEN 4 THEN ${dottedQuad(column)} WHEN 16 THEN ${ipv6(column)} END`;
}

/** Text `aa:bb:cc:dd:ee:ff` of a MAC kept as a 48-bit integer. */
export function macTextSql(column: string): string {
  const octets = [40, 32, 24, 16, 8, 0].map((shift) => `(${column}>>${shift})&255`).join(',');
  return `CASE WHEN ${column} IS NOT NULL THEN printf('%02x:%02x:%02x:%02x:%02x:%02x',${octets}) END`;
}

function dottedQuad(column: string): string {
  return [0, 1, 2, 3]
    .map((index) => `(${nibble(column, index * 2)}*16+${nibble(column, index * 2 + 1)})`)
    .join("||'.'||");
}

/** SQL has no way from a hex digit to a number but its place in the row of digits. */
function nibble(column: string, index: number): string {
  return `(instr('0123456789ABCDEF',substr(hex(${column}),${index + 1},1))-1)`;
}

/**
 * `:g0:g1:…:g7:` first; then the longest run of zero groups, the first of equals, becomes `::`; then the outer colons
 * go, unless they belong to that `::`. Each LIMIT keeps SQLite from merging the steps into one expression, which would
 * repeat the inner ones a thousand times.
 */
function ipv6(column: string): string {
  const group = (i: number): string => `coalesce(nullif(ltrim(substr(h,${i * 4 + 1},4),'0'),''),'0')`;
  const groups = [0, 1, 2, 3, 4, 5, 6, 7].map(group).join("||':'||");
  const runs = [8, 7, 6, 5, 4, 3, 2].map((n) => {
    const run = `':${'0:'.repeat(n)}'`;
    return `WHEN instr(s,${run}) THEN substr(s,1,instr(s,${run}))||':'||substr(s,instr(s,${run})+${2 * n + 1})`;
  });
  const wrapped = `SELECT ':'||${groups}||':' AS s FROM (SELECT lower(hex(${column})) AS h LIMIT 1) LIMIT 1`;
  const compressed = `SELECT CASE ${runs.join(' ')} ELSE s END AS r FROM (${wrapped}) LIMIT 1`;
  const from = `CASE WHEN substr(r,1,2)='::' THEN 1 ELSE 2 END`;
  const cut = `CASE WHEN substr(r,-2)='::' THEN 0 ELSE 1 END`;
  return `(SELECT substr(r,${from},length(r)-${cut}-${from}+1) FROM (${compressed}) LIMIT 1)`;
}
