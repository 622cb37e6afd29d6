import type { QualifiedName } from '../model/name.ts';

/** Key of an object in the graph: unique per kind, and sorting by schema and name. */
export function createGraphKey(kind: string, name: QualifiedName): string {
  return `${name.schema}\u0000${name.name}\u0000${kind}`;
}
