import type { AliasType } from '../model/alias-type.ts';
import { compareNames } from '../model/look-up.ts';
import type { QualifiedName } from '../model/name.ts';
import { type Catalog, flag, int } from './catalog.ts';
import type { TypeReader } from './data-type.ts';
import { type Names, objectName } from './names.ts';

export function readAliasTypes(catalog: Catalog, names: Names, typeOf: TypeReader): AliasType[] {
  const bound = (id: number): QualifiedName | null => {
    const object = id === 0 ? undefined : names.object(id);
    return object ? { schema: object.schema, name: object.name } : null;
  };
  return catalog
    .rows('types')
    .filter(r => flag(r, 'is_user_defined') && !flag(r, 'is_assembly_type') && !flag(r, 'is_table_type'))
    .map(
      (r): AliasType => ({
        ...objectName(r, names),
        // system_type_id is the user_type_id of the base type for every type that an alias may rest on.
        baseType: typeOf({ ...r, user_type_id: int(r, 'system_type_id') }),
        nullable: flag(r, 'is_nullable'),
        boundDefault: bound(int(r, 'default_object_id')),
        boundRule: bound(int(r, 'rule_object_id')),
      }),
    )
    .sort(compareNames);
}
