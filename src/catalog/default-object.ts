import type { DefaultObject } from '../model/default-object.ts';
import { compareNames } from '../model/look-up.ts';
import { type Catalog, int } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';

/** CREATE DEFAULT objects: type D without a parent (with one it is a constraint). */
export function readDefaultObjects(catalog: Catalog, modules: ModuleReader): DefaultObject[] {
  return objectsOfType(catalog, 'D')
    .filter(r => int(r, 'parent_object_id') === 0)
    .map(r => modules.module(r, 'default'))
    .sort(compareNames);
}
