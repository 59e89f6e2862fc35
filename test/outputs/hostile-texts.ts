/** Texts that do something where they are not escaped. */
export const CORPUS: Readonly<Record<string, string>> = {
  'terminal: clear, title, colour': '\u001b[2J\u001b]0;owned\u0007\u001b[31m',
  'terminal: hyperlink and clipboard': '\u001b]8;;http://x.example\u001b\\click\u001b]52;c;cm0=\u0007',
  'terminal: device control, application command': '\u001bP1$r\u001b\\\u001b_G\u001b\\',
  'terminal: 8-bit controls': '\u009b31m\u009d0;x\u009c\u0090q\u009c',
  'terminal: cursor': 'a\b\b\r\u007f\u0000b',
  'Unicode: direction': '\u202egnp.exe\u2066x\u2069\u200f\u061c',
  'Unicode: invisible': 'ad\u200b\u200d\ufeff\u00ad\u{e0041}min\ufff9',
  'Unicode: line ends': 'one\u2028two\u2029three\u0085four',
  'syslog: line end': 'x\n<165>1 2026-11-24T01:00:00Z forged app - - - root logged in',
  'syslog: carriage return': 'x\r\n<13>forged',
  'CEF: members': 'x|y\\|z src=6.6.6.6 msg=a=b\\=c',
  'LEEF: members': 'x\tsrc=6.6.6.6^usrName=root',
  'JSON: end of text': 'x","admin":true,"y":"\\',
  'SQL: statement': "x'); DROP TABLE session_row; --",
  'SQL: pattern': '%_\\*"\'',
  'CSV: formula': '=HYPERLINK("http://x.example";"x")',
  'CSV: command': "@SUM(1+1)*cmd|' /C calc'!A0",
  'HTML: script': '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp;',
  'Markdown: table and link': '| x | [y](javascript:alert(1)) ![z](http://x.example/p.png) `q`',
};

export const TEXTS = Object.entries(CORPUS);

/** What no terminal and no page may get. */
export const UNSAFE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Surrogate}\u2028\u2029\ufff9-\ufffb]/u;
