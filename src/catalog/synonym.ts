import { compareNames } from '../model/look-up.ts';
import type { Synonym } from '../model/synonym.ts';
import { type Catalog, text } from './catalog.ts';
import { type Names, objectName } from './names.ts';

export function readSynonyms(catalog: Catalog, names: Names): Synonym[] {
  return catalog
    .rows('synonyms')
    .map(r => ({ ...objectName(r, names), baseObject: text(r, 'base_object_name') }))
    .sort(compareNames);
}
