import { type CodePage, noUnit } from './code-page.ts';

/** U+FFFD, which stands in Unicode text for what is no character. */
export const replacement = '\ufffd';

/** Text of the bytes in [at, end) of a code page, with a substitute for those that are no characters of it. */
export function lossyText(page: CodePage, bytes: DataView, at: number, end: number, substitute: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at);
  if (page.kind === 'utf8') return buffer.toString('utf8').replaceAll(replacement, substitute);
  let text = '';
  for (let i = 0; i < buffer.length; i++) {
    const unit = page.units[buffer[i]!]!;
    const pair =
      unit === noUnit && page.kind === 'double' && i + 1 < buffer.length
        ? page.pairs[buffer[i]! * 256 + buffer[i + 1]!]!
        : 0;
    if (pair !== 0) i++;
    text += unit !== noUnit ? String.fromCharCode(unit) : pair !== 0 ? String.fromCharCode(pair) : substitute;
  }
  return text;
}
