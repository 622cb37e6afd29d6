import { describe, expect, it } from 'vitest';
import { formatMarker, type Marker, parseMarker } from '../../src/archive/marker.ts';
import { createScriptWriter } from '../../src/archive/script-writer.ts';
import { memoryOutput } from '../exporter/memory-output.ts';

describe('a marker', () => {
  it('is one comment line whatever the names hold, and comes back', () => {
    const marker: Marker = { kind: 'object', type: 'table', name: '[a\nGO\r\n]].b\u2028"c]' };
    const line = formatMarker(marker);
    expect(line).toMatch(/^-- xpdb: \{[^\r\n]*\}$/);
    expect(parseMarker(line)).toEqual(marker);
  });
  it('is told from other comments', () => {
    expect(parseMarker('-- xpdb is a tool')).toBeNull();
    expect(parseMarker('SELECT 1')).toBeNull();
    expect(() => parseMarker('-- xpdb: {"kind":')).toThrow(SyntaxError);
  });
});

describe('the script writer', () => {
  it('ends batches by GO and keeps their own line breaks', async () => {
    const output = memoryOutput();
    const writer = createScriptWriter(output, { encoding: 'utf8', bom: true, newline: '\r\n' });
    await writer.comment('two\nlines');
    await writer.batch('SELECT 1\n\n');
    await writer.raw(Buffer.from('INSERT x;\r\nGO\r\n'));
    await writer.batch('SELECT 2');
    await writer.flush();
    expect(output.text()).toBe('\ufeff-- two lines\r\nSELECT 1\n\n\r\nGO\r\nINSERT x;\r\nGO\r\nSELECT 2\r\nGO\r\n');
  });
  it('writes long scripts before they are whole', async () => {
    const output = memoryOutput();
    const writer = createScriptWriter(output, { encoding: 'utf16le', bom: false, newline: '\n' });
    for (let i = 0; i < 10; i++) await writer.batch('x'.repeat(50_000));
    expect(output.bytesWritten).toBeGreaterThan(500_000);
  });
});
