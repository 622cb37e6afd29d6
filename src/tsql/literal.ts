/**
 * Literals for script files. Beyond quoting, they must survive every runner that may replay the script:
 * - a backslash before LF or CRLF inside a literal vanishes with the line break (documented line continuation)
 * - sqlcmd substitutes `$(name)` also inside strings
 * - runners that read lines take a line that begins with GO, `:` or `!!` for a command, even inside a string
 * - a lone surrogate or U+0000 cannot be written in UTF-8 text at all
 */

/** A line break and a following line that a runner may take for a command. */
const commandLine = /(\r\n|\n|\r)(?=[ \t]*(?:GO\b|:|!!|ED\b|EXIT\b|QUIT\b|RESET\b))/gi;
const hazard = /\\\r?\n|\$\(|[\r\n][ \t]*(?:GO\b|:|!!|ED\b|EXIT\b|QUIT\b|RESET\b)/i;

/** `it's` → `N'it''s'`, or a concatenation of such where the text holds something that a runner or the server would change. */
export function scriptString(text: string): string {
  if (!hazard.test(text) && isPlain(text)) return `N'${text.replaceAll("'", "''")}'`;
  if (!isPlain(text)) return binaryText(text);
  const parts: string[] = [];
  const quote = (piece: string) => {
    // Between `\` and its line break, and between `$` and `(`, the literal ends and begins anew.
    for (const p of piece.split(/(?<=\\)(?=\r?\n)|(?<=\$)(?=\()/))
      if (p !== '') parts.push(`N'${p.replaceAll("'", "''")}'`);
  };
  let from = 0;
  for (const match of text.matchAll(commandLine)) {
    quote(text.slice(from, match.index));
    parts.push(...[...match[0]].map(c => `NCHAR(${c.charCodeAt(0)})`));
    from = match.index + match[0].length;
  }
  quote(text.slice(from));
  if (parts.length > mostParts) return binaryText(text);
  // The result of + is cut at 8,000 bytes unless the left-most operand is a max type.
  const head = text.length > 4000 ? ["CAST(N'' AS nvarchar(max))"] : [];
  return [...head, ...parts].join(' + ');
}

/** Of a concatenation: parsers walk an expression by recursion, and the server refuses one that is too deep (error 191, 8631). */
const mostParts = 100;

/** The text by its UTF-16 units. */
function binaryText(text: string): string {
  const length = text.length > 4000 ? 'max' : String(Math.max(1, text.length));
  return `CAST(${binaryLiteral(Buffer.from(text, 'utf16le'))} AS nvarchar(${length}))`;
}

/** Whether UTF-8 can carry the text: no lone surrogate, no U+0000. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** `0x0A1B`; `0x` for no bytes. */
export function binaryLiteral(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase()}`;
}
