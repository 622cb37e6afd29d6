import { formatMarker, type Marker } from './marker.ts';
import type { Output } from './output-file.ts';

export type ScriptEncoding = 'utf8' | 'utf16le';

export interface ScriptWriterOptions {
  readonly encoding: ScriptEncoding;
  /** A byte order mark: for files, because sqlcmd on Windows reads the ANSI page without one. */
  readonly bom: boolean;
  /** Between lines that xpdb writes; text inside batches stays as it is. */
  readonly newline: '\r\n' | '\n';
}

/** Writes a script: markers, batches with their GO lines, and ready-made bytes of rows. */
export interface ScriptWriter {
  readonly options: ScriptWriterOptions;
  marker(marker: Marker): Promise<void>;
  comment(text: string): Promise<void>;
  batch(text: string): Promise<void>;
  /** Bytes in the script's encoding, separators and GO lines included. Valid until the promise settles. */
  raw(bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

const flushBytes = 1 << 18;

export function createScriptWriter(output: Output, options: ScriptWriterOptions): ScriptWriter {
  const encoding = options.encoding === 'utf8' ? 'utf8' : 'utf16le';
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const flush = async () => {
    if (pendingBytes === 0) return;
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    await output.write(bytes);
  };
  const add = async (text: string) => {
    const bytes = Buffer.from(text, encoding);
    pending.push(bytes);
    pendingBytes += bytes.length;
    if (pendingBytes >= flushBytes) await flush();
  };
  if (options.bom) {
    pending.push(Buffer.from('\uFEFF', encoding));
    pendingBytes += pending[0]!.length;
  }
  const line = (text: string) => add(text + options.newline);
  return {
    options,
    marker: marker => line(formatMarker(marker)),
    comment: text => line(`-- ${text.replace(/[\r\n]+/g, ' ')}`),
    // The line break before GO is the separator's, not the batch's: the splitter takes exactly one off again.
    batch: text => add(`${text}${options.newline}GO${options.newline}`),
    raw: async bytes => {
      await flush();
      await output.write(bytes);
    },
    flush,
  };
}
