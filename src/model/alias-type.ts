import type { DataType } from './data-type.ts';
import type { QualifiedName } from './name.ts';

/** CREATE TYPE … FROM, or sp_addtype. */
export interface AliasType {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  readonly baseType: DataType;
  readonly nullable: boolean;
  readonly boundDefault: QualifiedName | null;
  readonly boundRule: QualifiedName | null;
}
