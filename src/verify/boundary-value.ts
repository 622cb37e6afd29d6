/**
 * The value of a partition boundary in one form, since a script writes it in its author's words ('20240101', N'x', CAST(…)) and
 * the catalog gives only the value.
 */
import type { DataType } from '../model/data-type.ts';
import { normalizeExpression } from '../tsql/normalize-expression.ts';

const datePattern =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:\d\d)?$/i;
const numberPattern = /^([+-]?)0*(\d+)(?:\.(\d*))?$/;

const dates = new Set(['date', 'datetime', 'datetime2', 'smalldatetime', 'datetimeoffset']);
const exact = new Set(['bit', 'tinyint', 'smallint', 'int', 'bigint', 'decimal', 'numeric', 'money', 'smallmoney']);
const approximate = new Set(['float', 'real']);
const texts = new Set(['char', 'varchar', 'nchar', 'nvarchar']);

/** Boundaries in one form and order: the server orders them by value. */
export const boundaryValues = (boundaries: readonly string[], type: DataType): readonly string[] =>
  boundaries.map(b => boundaryValue(b, type)).sort();

export function boundaryValue(boundary: string, type: DataType): string {
  const literal = bare(boundary.trim());
  const quoted = /^N?'((?:[^']|'')*)'$/i.exec(literal)?.[1];
  const content = (quoted ?? literal).replaceAll("''", "'");
  const found = /^(NULL|0x[0-9a-f]*)$/i.test(literal)
    ? literal.toUpperCase()
    : dates.has(type.name)
      ? dateValue(content.trim(), type.name)
      : exact.has(type.name)
        ? exactValue(content.trim())
        : approximate.has(type.name)
          ? approximateValue(content.trim())
          : texts.has(type.name) && quoted !== undefined
            ? `'${content.replace(/ +$/, '')}'`
            : null;
  return found ?? normalizeExpression(boundary);
}

/** The literal inside of parentheses, CASTs and CONVERTs without a style. */
function bare(expression: string): string {
  let inner = expression;
  for (;;) {
    const match =
      /^\(\s*(.*?)\s*\)$/s.exec(inner) ??
      /^CAST\s*\(\s*(.*?)\s+AS\s+\[?\w+\]?\s*(?:\([\w\s,]*\))?\s*\)$/is.exec(inner) ??
      /^CONVERT\s*\(\s*\[?\w+\]?\s*(?:\([\w\s,]*\))?\s*,\s*('(?:[^']|'')*'|N'(?:[^']|'')*'|[^,']*)\s*\)$/is.exec(inner);
    if (!match) return inner;
    inner = match[1] ?? '';
  }
}

function dateValue(text: string, type: string): string | null {
  const match = datePattern.exec(text);
  if (!match) return null;
  const [, year, , month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = '+00:00'] = match;
  const date = `${year}-${month}-${day}`;
  if (type === 'date') return date;
  const time = `${date} ${hour}:${minute}:${second}.${fraction.replace(/0+$/, '')}`;
  return type === 'datetimeoffset' ? time + zone.toUpperCase().replace('Z', '+00:00') : time;
}

function exactValue(text: string): string | null {
  const match = numberPattern.exec(text.replace(/^([+-]?)\$/, '$1'));
  if (!match) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? match[2]! : `${match[2]}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

function approximateValue(text: string): string | null {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : String(value);
}
