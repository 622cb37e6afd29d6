import { type CodePage, noUnit } from './code-page.ts';

/** Text of a code page in which bytes that are no characters of it become U+FFFD. */
export function lossyText(page: CodePage, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (page.kind === 'utf8') return buffer.toString('utf8');
  let text = '';
  for (let i = 0; i < buffer.length; i++) {
    let unit = page.units[buffer[i]!]!;
    if (unit === noUnit) {
      const pair = page.kind === 'double' && i + 1 < buffer.length ? page.pairs[buffer[i]! * 256 + buffer[i + 1]!]! : 0;
      unit = pair === 0 ? 0xfffd : pair;
      if (pair !== 0) i++;
    }
    text += String.fromCharCode(unit);
  }
  return text;
}
