/**
 * The two functions through which every identifier and every string reaches T-SQL text.
 */

/** `a]b` → `[a]]b]`. The one way an identifier gets into emitted SQL (as QUOTENAME does, without its 128-character limit). */
export function quoteName(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** `[schema].[name]`, or `[name]` alone when there is no schema. */
export function quoteQualified(schema: string | null | undefined, name: string): string {
  return schema === null || schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

/**
 * `it's` → `N'it''s'`, for statements that xpdb itself sends to a server.
 * What goes into a script file passes `scriptString` of `literal.ts`, which also guards against script runners.
 */
export function quoteString(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}
