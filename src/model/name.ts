/** A name inside a schema, as stored (never quoted). */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Name of a constraint. A system-named one carries the name that its source gave it ('' where a script left it out);
 * comparisons ignore such names, and the scripter writes them only where it must refer to them.
 */
export interface ConstraintName {
  readonly name: string;
  readonly systemNamed: boolean;
}
