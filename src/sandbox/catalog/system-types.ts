/** The system data types: ids, lengths and precisions as sys.types and sys.columns give them. */
import type { DataType } from '../../model/data-type.ts';

export interface SystemType {
  readonly name: string;
  readonly systemTypeId: number;
  readonly userTypeId: number;
  /** As sys.types gives them. */
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly character: boolean;
  readonly nullable: boolean;
  /** First version. */
  readonly since: number;
  readonly assembly: boolean;
}

function type(
  name: string,
  systemTypeId: number,
  maxLength: number,
  precision = 0,
  scale = 0,
  more: Partial<SystemType> = {},
): SystemType {
  return {
    name,
    systemTypeId,
    userTypeId: systemTypeId,
    maxLength,
    precision,
    scale,
    character: false,
    nullable: true,
    since: 100,
    assembly: false,
    ...more,
  };
}

/** In the order in which sys.types lists them. */
export const systemTypes: readonly SystemType[] = [
  type('image', 34, 16),
  type('text', 35, 16, 0, 0, { character: true }),
  type('uniqueidentifier', 36, 16),
  type('date', 40, 3, 10),
  type('time', 41, 5, 16, 7),
  type('datetime2', 42, 8, 27, 7),
  type('datetimeoffset', 43, 10, 34, 7),
  type('tinyint', 48, 1, 3),
  type('smallint', 52, 2, 5),
  type('int', 56, 4, 10),
  type('smalldatetime', 58, 4, 16),
  type('real', 59, 4, 24),
  type('money', 60, 8, 19, 4),
  type('datetime', 61, 8, 23, 3),
  type('float', 62, 8, 53),
  type('sql_variant', 98, 8016),
  type('ntext', 99, 16, 0, 0, { character: true }),
  type('bit', 104, 1, 1),
  type('decimal', 106, 17, 38, 38),
  type('numeric', 108, 17, 38, 38),
  type('smallmoney', 122, 4, 10, 4),
  type('bigint', 127, 8, 19),
  type('hierarchyid', 240, 892, 0, 0, { userTypeId: 128, assembly: true }),
  type('geometry', 240, -1, 0, 0, { userTypeId: 129, assembly: true }),
  type('geography', 240, -1, 0, 0, { userTypeId: 130, assembly: true }),
  type('varbinary', 165, 8000),
  type('varchar', 167, 8000, 0, 0, { character: true }),
  type('binary', 173, 8000),
  type('char', 175, 8000, 0, 0, { character: true }),
  type('timestamp', 189, 8, 0, 0, { nullable: false }),
  type('nvarchar', 231, 8000, 0, 0, { character: true }),
  type('nchar', 239, 8000, 0, 0, { character: true }),
  type('xml', 241, -1),
  type('sysname', 231, 256, 0, 0, { userTypeId: 256, character: true, nullable: false }),
  type('json', 244, -1, 0, 0, { since: 170 }),
  type('vector', 255, 8000, 0, 0, { since: 170 }),
];

const byName = new Map(systemTypes.map(t => [t.name, t]));
const byUserTypeId = new Map(systemTypes.map(t => [t.userTypeId, t]));

/** By name in lower case. */
export const systemTypeNamed = (name: string): SystemType | undefined => byName.get(name);

/** What sys.columns says of a column of a system type. */
export interface StoredType {
  readonly systemTypeId: number;
  readonly userTypeId: number;
  /** Bytes; -1 = max. */
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly character: boolean;
}

const fractionBytes = (scale: number): number => (scale <= 2 ? 0 : scale <= 4 ? 1 : 2);
const fractionDigits = (scale: number): number => (scale ? scale + 1 : 0);

/** The stored form of a system type; undefined when the name is none of a system type. */
export function storedType(declared: DataType): StoredType | undefined {
  const system = byName.get(declared.name);
  if (!system || (declared.schema !== null && declared.schema !== 'sys')) return undefined;
  const base = {
    systemTypeId: system.systemTypeId,
    userTypeId: system.userTypeId,
    maxLength: system.maxLength,
    precision: system.precision,
    scale: system.scale,
    character: system.character,
  };
  const length = declared.length === 'max' ? -1 : (declared.length ?? 1);
  switch (declared.name) {
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
      return { ...base, maxLength: length };
    case 'nchar':
    case 'nvarchar':
      return { ...base, maxLength: length < 0 ? -1 : length * 2 };
    case 'decimal':
    case 'numeric': {
      const precision = declared.precision ?? 18;
      const maxLength = precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
      return { ...base, maxLength, precision, scale: declared.scale ?? 0 };
    }
    case 'time': {
      const scale = declared.scale ?? 7;
      return { ...base, maxLength: 3 + fractionBytes(scale), precision: 8 + fractionDigits(scale), scale };
    }
    case 'datetime2': {
      const scale = declared.scale ?? 7;
      return { ...base, maxLength: 6 + fractionBytes(scale), precision: 19 + fractionDigits(scale), scale };
    }
    case 'datetimeoffset': {
      const scale = declared.scale ?? 7;
      return { ...base, maxLength: 8 + fractionBytes(scale), precision: 26 + fractionDigits(scale), scale };
    }
    case 'vector':
      return { ...base, maxLength: 8 + (declared.dimensions ?? 0) * (declared.vectorBaseType === 'float16' ? 2 : 4) };
    default:
      return base;
  }
}

/** Back from sys.columns to the declared form. `vector` is the number of dimensions and base type code where it is one. */
export function declaredType(
  stored: { systemTypeId: number; userTypeId: number; maxLength: number; precision: number; scale: number },
  vector?: { dimensions: number; baseType: number },
): DataType {
  const system =
    (stored.userTypeId <= 256 ? byUserTypeId.get(stored.userTypeId) : undefined) ??
    systemTypes.find(t => t.systemTypeId === stored.systemTypeId);
  const name = system?.name ?? 'int';
  switch (name) {
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
      return { schema: null, name, length: stored.maxLength < 0 ? 'max' : stored.maxLength };
    case 'nchar':
    case 'nvarchar':
      return { schema: null, name, length: stored.maxLength < 0 ? 'max' : stored.maxLength / 2 };
    case 'decimal':
    case 'numeric':
      return { schema: null, name, precision: stored.precision, scale: stored.scale };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { schema: null, name, scale: stored.scale };
    case 'vector':
      return {
        schema: null,
        name,
        dimensions: vector?.dimensions ?? 0,
        ...(vector?.baseType === 1 ? { vectorBaseType: 'float16' as const } : {}),
      };
    default:
      return { schema: null, name };
  }
}

/** `decimal(38,0)`, `nvarchar(10)`: how a type is written. */
export function writtenType(type: DataType): string {
  const schema = type.schema === null ? '' : `${type.schema}.`;
  if (type.precision !== undefined) return `${schema}${type.name}(${type.precision},${type.scale ?? 0})`;
  if (type.length !== undefined) return `${schema}${type.name}(${type.length})`;
  if (type.scale !== undefined) return `${schema}${type.name}(${type.scale})`;
  return `${schema}${type.name}`;
}
