/** Names come from devices: no control characters, no direction overrides, no line ends, nothing that is not seen. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Surrogate}]/gu, '\uFFFD');
}

/** Text in a page of Markdown: no link, image, element or cell, and no heading, list or quote that it begins. */
export function markdownText(text: string): string {
  return plainText(text)
    .replaceAll(/[\\`[\]<|]/gu, String.raw`\$&`)
    .replace(/^(\s*)(?=[#>+=-])|^(\s*\d+)(?=[.)](?:\s|$))/u, '$1$2\\');
}

/** Text in a page of HTML, between elements or in an attribute. */
export function htmlText(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return plainText(text).replaceAll(/[&<>"']/gu, (mark) => marks[mark] ?? mark);
}
