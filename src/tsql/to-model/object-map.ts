import { compareText } from '../../model/look-up.ts';
import type { QualifiedName } from '../../model/name.ts';

/** Objects of one kind by name, with or without regard to case as the database's collation compares names. */
export class ObjectMap<T extends QualifiedName> {
  #fold: (name: string) => string;
  #objects = new Map<string, T>();

  constructor(fold: (name: string) => string) {
    this.#fold = fold;
  }

  /** Compares names anew from now on. */
  refold(fold: (name: string) => string): void {
    this.#fold = fold;
    const objects = [...this.#objects.values()];
    this.#objects = new Map();
    for (const object of objects) this.set(object);
  }

  #key(name: QualifiedName): string {
    return `${this.#fold(name.schema)}\u0000${this.#fold(name.name)}`;
  }

  get(name: QualifiedName): T | undefined {
    return this.#objects.get(this.#key(name));
  }

  has(name: QualifiedName): boolean {
    return this.#objects.has(this.#key(name));
  }

  set(object: T): void {
    this.#objects.set(this.#key(object), object);
  }

  delete(name: QualifiedName): boolean {
    return this.#objects.delete(this.#key(name));
  }

  /** Replaces an object by what `change` makes of it. @returns whether there is one of that name */
  change(name: QualifiedName, change: (object: T) => T): boolean {
    const object = this.get(name);
    if (object === undefined) return false;
    const changed = change(object);
    if (changed !== object) {
      this.delete(name);
      this.set(changed);
    }
    return true;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#objects.values();
  }

  /** In the order of the model. */
  sorted(): T[] {
    return [...this.#objects.values()].sort((a, b) => compareText(a.schema, b.schema) || compareText(a.name, b.name));
  }
}
