/** Bytes of char, varchar and text by the collation's code page. */
import type { Collation } from './collation.ts';

interface CodePage {
  decode(bytes: Uint8Array): string;
  encode(text: string): Buffer;
}

const byLcid: Readonly<Record<number, string>> = {
  1049: 'windows-1251',
  1058: 'windows-1251',
  1071: 'windows-1251',
  1032: 'windows-1253',
  1055: 'windows-1254',
  1037: 'windows-1255',
  1025: 'windows-1256',
  1061: 'windows-1257',
  1062: 'windows-1257',
  1063: 'windows-1257',
  1066: 'windows-1258',
  1054: 'windows-874',
  1029: 'windows-1250',
  1045: 'windows-1250',
  1038: 'windows-1250',
  1048: 'windows-1250',
  1051: 'windows-1250',
  1060: 'windows-1250',
  1050: 'windows-1250',
  1052: 'windows-1250',
  1041: 'shift_jis',
  1042: 'euc-kr',
  2052: 'gbk',
  1028: 'big5',
};

function labelOf(collation: Collation): string {
  if (collation.utf8) return 'utf-8';
  const named = /_cp(\d+)_/i.exec(collation.name);
  if (named && named[1] !== '1') return `windows-${named[1]}`;
  const lcid = Buffer.from(collation.bytes).readUInt32LE(0) & 0xfffff;
  return byLcid[lcid] ?? 'windows-1252';
}

const cache = new Map<string, CodePage>();

function singleByte(label: string): CodePage {
  const decoder = new TextDecoder(label);
  const characters: string[] = [];
  const bytes = new Map<number, number>();
  for (let i = 0; i < 256; i++) {
    let c = decoder.decode(Uint8Array.of(i));
    // A byte that the page leaves undefined is the control of the same number, as the server maps it.
    if (c === '\ufffd') c = String.fromCharCode(i);
    characters.push(c);
    if (!bytes.has(c.charCodeAt(0))) bytes.set(c.charCodeAt(0), i);
  }
  return {
    decode(source) {
      let out = '';
      for (const b of source) out += characters[b];
      return out;
    },
    encode(text) {
      const out = Buffer.allocUnsafe(text.length);
      for (let i = 0; i < text.length; i++) out[i] = bytes.get(text.charCodeAt(i)) ?? 0x3f;
      return out;
    },
  };
}

function doubleByte(label: string): CodePage {
  const decoder = new TextDecoder(label);
  let reverse: Map<string, number> | undefined;
  const table = (): Map<string, number> => {
    if (reverse) return reverse;
    reverse = new Map();
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      const single = decoder.decode(Uint8Array.of(lead));
      if (single !== '\ufffd' && single.length === 1) reverse.set(single, lead);
      for (let trail = 0x30; trail <= 0xfe; trail++) {
        const c = decoder.decode(Uint8Array.of(lead, trail));
        if (c.length === 1 && c !== '\ufffd' && !reverse.has(c)) reverse.set(c, lead * 256 + trail);
      }
    }
    return reverse;
  };
  return {
    decode: source => decoder.decode(source),
    encode(text) {
      const out: number[] = [];
      for (const c of text) {
        const code = c.codePointAt(0)!;
        if (code < 0x80) out.push(code);
        else {
          const found = table().get(c);
          if (found === undefined) for (let i = 0; i < c.length; i++) out.push(0x3f);
          else if (found > 255) out.push(found >> 8, found & 255);
          else out.push(found);
        }
      }
      return Buffer.from(out);
    },
  };
}

const utf8: CodePage = {
  decode: b => Buffer.from(b.buffer, b.byteOffset, b.byteLength).toString('utf8'),
  encode: t => Buffer.from(t, 'utf8'),
};

function codePage(collation: Collation): CodePage {
  let page = cache.get(collation.name);
  if (!page) {
    const label = labelOf(collation);
    page =
      label === 'utf-8' ? utf8 : /^(shift_jis|euc-kr|gbk|big5)$/.test(label) ? doubleByte(label) : singleByte(label);
    cache.set(collation.name, page);
  }
  return page;
}

const ascii = /^[\x00-\x7f]*$/;

/** A character that the page lacks becomes `?`. */
export function encodeText(text: string, collation: Collation): Buffer {
  return ascii.test(text) ? Buffer.from(text, 'latin1') : codePage(collation).encode(text);
}

export function decodeText(bytes: Uint8Array, collation: Collation): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < buffer.length; i++) if (buffer[i]! > 127) return codePage(collation).decode(buffer);
  return buffer.toString('latin1');
}

/** What is left of text after a passage through the code page: missing characters become `?`. */
export function throughCodePage(text: string, collation: Collation): string {
  return ascii.test(text) ? text : decodeText(encodeText(text, collation), collation);
}

/** Length in bytes in the code page. */
export function textBytes(text: string, collation: Collation): number {
  return ascii.test(text) ? text.length : codePage(collation).encode(text).length;
}
