import type { Sequence } from '../../model/sequence.ts';
import type {
  CreatePartitionFunction,
  CreatePartitionScheme,
  CreateSequence,
  CreateSynonym,
  CreateType,
  CreateXmlSchemaCollection,
  ObjectName,
} from '../ddl/statement.ts';
import { normalizeExpression } from '../normalize-expression.ts';
import { quoteName, quoteQualified } from '../quote.ts';
import { boundaryText } from './boundary.ts';
import { resolveType, toColumn } from './column.ts';
import type { Draft } from './draft.ts';

/** CREATE TYPE of each kind. */
export function createType(draft: Draft, statement: CreateType): void {
  const name = draft.resolve(statement.name);
  const { definition } = statement;
  switch (definition.kind) {
    case 'clr':
      draft.unsupported('CLR type', quoteName(name.name));
      return;
    case 'alias':
      draft.add(draft.aliasTypes, {
        ...name,
        owner: null,
        baseType: resolveType(draft, definition.baseType),
        nullable: definition.nullable ?? draft.settings.nullByDefault,
        boundDefault: null,
        boundRule: null,
      });
      return;
    case 'table': {
      const primary = definition.keys.filter(k => k.kind === 'primaryKey').flatMap(k => k.columns.map(c => c.name));
      const folded = new Set(primary.map(draft.fold));
      if (definition.indexes.length > 0)
        draft.unsupported('index of a table type', quoteQualified(name.schema, name.name));
      const clusteredThere = definition.keys.some(k => k.clustered === true);
      draft.add(draft.tableTypes, {
        ...name,
        owner: null,
        columns: definition.columns.map(c => toColumn(draft, c, folded.has(draft.fold(c.name)))),
        keys: definition.keys.map(k => ({
          ...k,
          clustered: k.clustered ?? (k.kind === 'primaryKey' && !clusteredThere),
          disabled: false,
        })),
        checks: definition.checks.map(c => ({
          ...c,
          expression: normalizeExpression(c.expression),
          disabled: false,
          trusted: true,
        })),
      });
    }
  }
}

export function createXmlSchemaCollection(draft: Draft, statement: CreateXmlSchemaCollection): void {
  const { definition } = statement;
  draft.add(draft.xmlSchemaCollections, { ...draft.resolve(statement.name), owner: null, definition });
}

export function createPartitionFunction(draft: Draft, statement: CreatePartitionFunction): void {
  const { name, type, collation, boundaryOnRight } = statement;
  const boundaries = statement.boundaries.map(b => boundaryText(b, type));
  draft.partitionFunctions.set(draft.fold(name), { name, type, collation, boundaryOnRight, boundaries });
}

/** One filegroup for each partition; one more is the next to be used. */
export function createPartitionScheme(draft: Draft, statement: CreatePartitionScheme): void {
  const fn = draft.partitionFunctions.get(draft.fold(statement.partitionFunction));
  const partitions = (fn?.boundaries.length ?? statement.filegroups.length - 1) + 1;
  const filegroups = statement.all
    ? Array.from({ length: partitions }, () => statement.filegroups[0] ?? 'PRIMARY')
    : statement.filegroups;
  draft.partitionSchemes.set(draft.fold(statement.name), {
    name: statement.name,
    partitionFunction: fn?.name ?? statement.partitionFunction,
    filegroups: filegroups.slice(0, partitions),
    nextUsed: filegroups[partitions] ?? null,
  });
}

export function createSynonym(draft: Draft, statement: CreateSynonym): void {
  draft.add(draft.synonyms, {
    ...draft.resolve(statement.name),
    owner: null,
    baseObject: quoteParts(statement.target),
  });
}

/** As sys.synonyms.base_object_name shows it: all parts in brackets, those left out as they were. */
function quoteParts(name: ObjectName): string {
  const parts = [name.server, name.database, name.schema, name.name];
  const first = parts.findIndex(p => p !== null);
  return parts
    .slice(first)
    .map(p => (p === null ? '' : quoteName(p)))
    .join('.');
}

const integerBounds: Readonly<Record<string, readonly [string, string]>> = {
  tinyint: ['0', '255'],
  smallint: ['-32768', '32767'],
  int: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** CREATE and ALTER SEQUENCE with what the server puts where nothing is said (CREATE SEQUENCE, Transact-SQL reference). */
export function createSequence(draft: Draft, s: CreateSequence): void {
  const name = draft.resolve(s.name);
  if (s.verb === 'ALTER') {
    if (!draft.sequences.change(name, sequence => alteredSequence(draft, sequence, s))) draft.missing('sequence', name);
    return;
  }
  const type = resolveType(draft, s.type ?? { schema: null, name: 'bigint' });
  const increment = s.increment ?? '1';
  const [least, greatest] = boundsOf(draft, type);
  const minimum = s.minimum === null || s.minimum === 'NO' ? least : s.minimum;
  const maximum = s.maximum === null || s.maximum === 'NO' ? greatest : s.maximum;
  const start = s.start ?? (increment.startsWith('-') ? maximum : minimum);
  draft.add(draft.sequences, {
    ...name,
    owner: null,
    type,
    start,
    increment,
    minimum,
    maximum,
    cycle: s.cycle ?? false,
    cacheSize: cacheSize(s.cache),
    current: start,
    used: false,
  });
}

function cacheSize(cache: CreateSequence['cache']): number | null {
  return cache === 'NO' ? null : typeof cache === 'number' ? cache : 0;
}

function boundsOf(draft: Draft, type: Sequence['type']): readonly [string, string] {
  const base =
    type.schema === null ? type : (draft.aliasTypes.get({ schema: type.schema, name: type.name })?.baseType ?? type);
  const nines = '9'.repeat(base.precision ?? 18);
  return integerBounds[base.name] ?? [`-${nines}`, nines];
}

function alteredSequence(draft: Draft, sequence: Sequence, s: CreateSequence): Sequence {
  const [least, greatest] = boundsOf(draft, sequence.type);
  const restart = s.restart === null ? null : s.restart === '' ? sequence.start : s.restart;
  return {
    ...sequence,
    increment: s.increment ?? sequence.increment,
    minimum: s.minimum === 'NO' ? least : (s.minimum ?? sequence.minimum),
    maximum: s.maximum === 'NO' ? greatest : (s.maximum ?? sequence.maximum),
    cycle: s.cycle ?? sequence.cycle,
    cacheSize: s.cache === null ? sequence.cacheSize : cacheSize(s.cache),
    ...(restart === null ? {} : { current: restart, used: false }),
  };
}
