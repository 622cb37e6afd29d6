import type { Module } from '../model/module.ts';
import { type Catalog, type CatalogRow, flag, int, textOrNull } from './catalog.ts';
import type { Names } from './names.ts';

/** Text and stored settings of a module by object id. */
export interface ModuleReader {
  module(row: CatalogRow, kind: string): Module;
  row(objectId: number): CatalogRow | undefined;
}

export function readModules(catalog: Catalog, names: Names): ModuleReader {
  const rows = new Map(catalog.rows('modules').map(r => [int(r, 'object_id'), r]));
  return {
    row: id => rows.get(id),
    module: (row, kind) => {
      const id = int(row, 'object_id');
      const module = rows.get(id);
      const definition = module ? textOrNull(module, 'definition') : null;
      // sys.sql_modules has NULL for a module WITH ENCRYPTION (and for one that the login may not see).
      if (definition === null) catalog.unsupported(`encrypted ${kind}`, names.quoted(id));
      if (module && flag(module, 'uses_native_compilation'))
        catalog.unsupported(`natively compiled ${kind}`, names.quoted(id));
      const entry = names.object(id);
      return {
        schema: entry?.schema ?? '',
        name: entry?.name ?? '',
        owner:
          row.principal_id === null || row.principal_id === undefined
            ? null
            : names.principal(int(row, 'principal_id')),
        definition,
        ansiNulls: module ? flag(module, 'uses_ansi_nulls') : true,
        quotedIdentifier: module ? flag(module, 'uses_quoted_identifier') : true,
      };
    },
  };
}

/** Rows of sys.objects of the given types. */
export function objectsOfType(catalog: Catalog, ...types: readonly string[]): CatalogRow[] {
  return catalog.rows('objects').filter(r => types.includes(String(r.type).trim()));
}
