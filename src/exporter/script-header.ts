import type { HeaderMarker } from '../archive/marker.ts';
import type { Source } from './read-source.ts';

/**
 * First line of a script: from where, for what, shaped how. Neither host nor time, so that equal databases give equal bytes.
 * @param options that shaped the script, by their long names
 */
export function headerOf(source: Source, options: HeaderMarker['options']): HeaderMarker {
  const { server, database } = source;
  return {
    kind: 'header',
    format: 1,
    source: { version: server.productVersion, database: source.name, collation: database.properties.collation },
    target: source.target,
    options,
  };
}
