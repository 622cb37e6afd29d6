import type { TokenCursor } from '../token-cursor.ts';
import type { UnsupportedStatement } from './statement.ts';

/** First words behind CREATE, ALTER, DROP or ADD, and what they make. */
const kinds: readonly (readonly [words: string, what: string])[] = [
  ['FULLTEXT CATALOG', 'full-text catalog'],
  ['FULLTEXT INDEX', 'full-text index'],
  ['FULLTEXT STOPLIST', 'full-text stoplist'],
  ['SEARCH PROPERTY LIST', 'search property list'],
  ['ASSEMBLY', 'CLR assembly'],
  ['AGGREGATE', 'CLR aggregate'],
  ['PRIMARY XML INDEX', 'xml index'],
  ['XML INDEX', 'xml index'],
  ['SELECTIVE XML INDEX', 'selective xml index'],
  ['SPATIAL INDEX', 'spatial index'],
  ['JSON INDEX', 'json index'],
  ['VECTOR INDEX', 'vector index'],
  ['CLUSTERED COLUMNSTORE INDEX', 'columnstore index'],
  ['NONCLUSTERED COLUMNSTORE INDEX', 'columnstore index'],
  ['COLUMNSTORE INDEX', 'columnstore index'],
  ['CERTIFICATE', 'certificate'],
  ['ASYMMETRIC KEY', 'asymmetric key'],
  ['SYMMETRIC KEY', 'symmetric key'],
  ['MASTER KEY', 'master key'],
  ['CREDENTIAL', 'credential'],
  ['MESSAGE TYPE', 'Service Broker message type'],
  ['CONTRACT', 'Service Broker contract'],
  ['QUEUE', 'Service Broker queue'],
  ['SERVICE', 'Service Broker service'],
  ['ROUTE', 'Service Broker route'],
  ['REMOTE SERVICE BINDING', 'remote service binding'],
  ['BROKER PRIORITY', 'broker priority'],
  ['EVENT NOTIFICATION', 'event notification'],
  ['EVENT SESSION', 'event session'],
  ['ENDPOINT', 'endpoint'],
  ['SECURITY POLICY', 'security policy'],
  ['COLUMN MASTER KEY', 'column master key'],
  ['COLUMN ENCRYPTION KEY', 'column encryption key'],
  ['EXTERNAL DATA SOURCE', 'external data source'],
  ['EXTERNAL FILE FORMAT', 'external file format'],
  ['EXTERNAL TABLE', 'external table'],
  ['EXTERNAL LIBRARY', 'external library'],
  ['EXTERNAL LANGUAGE', 'external language'],
  ['EXTERNAL MODEL', 'external model'],
  ['DATABASE AUDIT SPECIFICATION', 'database audit specification'],
  ['DATABASE ENCRYPTION KEY', 'database encryption key'],
  ['DATABASE SCOPED CREDENTIAL', 'database scoped credential'],
  ['DATABASE SCOPED CONFIGURATION', 'database scoped configuration'],
  ['SERVER AUDIT', 'server audit'],
  ['SERVER ROLE', 'server role'],
  ['SERVER CONFIGURATION', 'server configuration'],
  ['WORKLOAD GROUP', 'workload group'],
  ['RESOURCE POOL', 'resource pool'],
  ['AVAILABILITY GROUP', 'availability group'],
  ['CRYPTOGRAPHIC PROVIDER', 'cryptographic provider'],
  ['SIGNATURE', 'module signature'],
  ['SENSITIVITY CLASSIFICATION', 'sensitivity classification'],
  ['SCHEMA', 'schema transfer'],
  ['PARTITION FUNCTION', 'partition function change'],
  ['PARTITION SCHEME', 'partition scheme change'],
  ['XML SCHEMA COLLECTION', 'xml schema collection change'],
  ['APPLICATION ROLE', 'application role change'],
];

/** A statement of a kind that is known by name only; it reaches to the next `;` or the end of the batch. */
export function parseUnsupported(cursor: TokenCursor): UnsupportedStatement | undefined {
  const start = cursor.index;
  const position = cursor.position();
  const unique = cursor.peek().value === 'UNIQUE' ? 1 : 0;
  const kind = kinds.find(([words]) =>
    words
      .split(' ')
      .every((word, i) => cursor.peek(1 + unique + i).value === word && cursor.peek(1 + unique + i).kind === 'word'),
  );
  if (!kind) return undefined;
  cursor.index += 1 + unique + kind[0].split(' ').length;
  const name = cursor.atName ? cursor.objectName() : null;
  while (!cursor.atEnd && !cursor.is(';')) cursor.next();
  return {
    kind: 'unsupported',
    position,
    what: kind[1],
    name: name === null ? '' : [name.schema, name.name].filter(p => p !== null).join('.'),
    text: cursor.slice(start, cursor.index),
  };
}
