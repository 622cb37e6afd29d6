import { compareText } from '../model/look-up.ts';
import type { Schema } from '../model/schema.ts';
import { type Catalog, int, text } from './catalog.ts';
import type { Names } from './names.ts';

/** Ids of dbo, guest, INFORMATION_SCHEMA and sys (1–4) and of the fixed roles' schemas (16384–16399): in every database. */
export function isSystemSchema(id: number): boolean {
  return id <= 4 || (id >= 16384 && id < 16400);
}

export function readSchemas(catalog: Catalog, names: Names): Schema[] {
  return catalog
    .rows('schemas')
    .filter(r => !isSystemSchema(int(r, 'schema_id')))
    .map(r => ({ name: text(r, 'name'), owner: names.principal(int(r, 'principal_id')) }))
    .sort((a, b) => compareText(a.name, b.name));
}
