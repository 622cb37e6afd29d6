/**
 * First version of built-in functions and syntax, for scanning texts. Functions count only when unquoted, unqualified and
 * followed by a parenthesis. Sources: Microsoft's documentation of each function; syntax checked with its parsers.
 */
const functionsByVersion: Record<number, string> = {
  100: 'SYSDATETIME SYSUTCDATETIME SYSDATETIMEOFFSET SWITCHOFFSET TODATETIMEOFFSET GROUPING_ID CHANGETABLE',
  110:
    'CHOOSE CONCAT FORMAT EOMONTH DATEFROMPARTS DATETIMEFROMPARTS DATETIME2FROMPARTS DATETIMEOFFSETFROMPARTS SMALLDATETIMEFROMPARTS ' +
    'TIMEFROMPARTS LAG LEAD FIRST_VALUE LAST_VALUE CUME_DIST PERCENT_RANK PERCENTILE_CONT PERCENTILE_DISC TRY_CONVERT TRY_CAST TRY_PARSE PARSE IIF ' +
    'SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYTABLE SEMANTICSIMILARITYDETAILSTABLE',
  130:
    'STRING_SPLIT OPENJSON ISJSON JSON_VALUE JSON_QUERY JSON_MODIFY STRING_ESCAPE DATEDIFF_BIG COMPRESS DECOMPRESS SESSION_CONTEXT ' +
    'CURRENT_TRANSACTION_ID',
  140: 'STRING_AGG CONCAT_WS TRANSLATE TRIM NODE_ID_FROM_PARTS EDGE_ID_FROM_PARTS GRAPH_ID_FROM_NODE_ID GRAPH_ID_FROM_EDGE_ID OBJECT_ID_FROM_NODE_ID OBJECT_ID_FROM_EDGE_ID',
  150: 'APPROX_COUNT_DISTINCT LAST_NODE',
  160:
    'GREATEST LEAST DATETRUNC DATE_BUCKET GENERATE_SERIES APPROX_PERCENTILE_CONT APPROX_PERCENTILE_DISC BIT_COUNT GET_BIT SET_BIT LEFT_SHIFT ' +
    'RIGHT_SHIFT JSON_PATH_EXISTS JSON_OBJECT JSON_ARRAY CURRENT_TIMEZONE CURRENT_TIMEZONE_ID',
  170:
    'CURRENT_DATE REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR REGEXP_COUNT REGEXP_LIKE REGEXP_MATCHES REGEXP_SPLIT_TO_TABLE EDIT_DISTANCE EDIT_DISTANCE_SIMILARITY ' +
    'JARO_WINKLER_DISTANCE JARO_WINKLER_SIMILARITY JSON_ARRAYAGG JSON_OBJECTAGG JSON_CONTAINS VECTOR_DISTANCE VECTOR_NORM VECTOR_NORMALIZE ' +
    'VECTORPROPERTY VECTOR_SEARCH AI_GENERATE_EMBEDDINGS AI_GENERATE_CHUNKS UNISTR BASE64_ENCODE BASE64_DECODE PRODUCT',
};

export const functionVersions: ReadonlyMap<string, number> = new Map(
  Object.entries(functionsByVersion).flatMap(([version, names]) =>
    names.split(' ').map(name => [name, Number(version)] as const),
  ),
);

/** Functions that give rows, and so follow FROM, JOIN or APPLY. */
export const rowsetFunctions: ReadonlySet<string> = new Set(
  (
    'CHANGETABLE STRING_SPLIT OPENJSON GENERATE_SERIES REGEXP_MATCHES REGEXP_SPLIT_TO_TABLE VECTOR_SEARCH AI_GENERATE_CHUNKS ' +
    'SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYTABLE SEMANTICSIMILARITYDETAILSTABLE'
  ).split(' '),
);

/** Calls that an older version knows with fewer arguments only. */
export const argumentVersions: readonly { readonly name: string; readonly minimum: number; readonly since: number }[] =
  [
    { name: 'LOG', minimum: 2, since: 110 },
    { name: 'STRING_SPLIT', minimum: 3, since: 160 },
    { name: 'LTRIM', minimum: 2, since: 160 },
    { name: 'RTRIM', minimum: 2, since: 160 },
    { name: 'ISJSON', minimum: 2, since: 160 },
  ];

/** Aggregates, whose OVER takes ORDER BY from 2012 on. */
export const aggregateFunctions: ReadonlySet<string> = new Set(
  'SUM AVG MIN MAX COUNT COUNT_BIG STDEV STDEVP VAR VARP CHECKSUM_AGG'.split(' '),
);

/** Sequences of words and operators that newer versions brought. */
export const syntaxVersions: readonly { readonly words: readonly string[]; readonly since: number }[] = [
  { words: ['NEXT', 'VALUE', 'FOR'], since: 110 },
  { words: ['WITH', 'RESULT', 'SETS'], since: 110 },
  { words: ['ROWS', 'BETWEEN'], since: 110 },
  { words: ['ROWS', 'UNBOUNDED'], since: 110 },
  { words: ['ROWS', 'CURRENT', 'ROW'], since: 110 },
  { words: ['RANGE', 'BETWEEN'], since: 110 },
  { words: ['RANGE', 'UNBOUNDED'], since: 110 },
  { words: ['RANGE', 'CURRENT', 'ROW'], since: 110 },
  { words: ['ROWS', 'ONLY'], since: 110 },
  { words: ['ROW', 'ONLY'], since: 110 },
  { words: ['WITHIN', 'GROUP'], since: 110 },
  { words: ['NATIVE_COMPILATION'], since: 120 },
  { words: ['BEGIN', 'ATOMIC'], since: 120 },
  { words: ['WAIT_AT_LOW_PRIORITY'], since: 120 },
  { words: ['FOR', 'JSON'], since: 130 },
  { words: ['AT', 'TIME', 'ZONE'], since: 130 },
  { words: ['FOR', 'SYSTEM_TIME'], since: 130 },
  { words: ['CREATE', 'OR', 'ALTER'], since: 130 },
  { words: ['USE', 'HINT'], since: 130 },
  { words: ['WITH', '(', 'PARTITIONS'], since: 130 },
  { words: ['SHORTEST_PATH'], since: 150 },
  { words: ['FOR', 'PATH'], since: 150 },
  { words: ['IS', 'DISTINCT', 'FROM'], since: 160 },
  { words: ['IS', 'NOT', 'DISTINCT', 'FROM'], since: 160 },
  { words: ['IGNORE', 'NULLS'], since: 160 },
  { words: ['RESPECT', 'NULLS'], since: 160 },
  { words: ['TRIM', '(', 'LEADING'], since: 160 },
  { words: ['TRIM', '(', 'TRAILING'], since: 160 },
  { words: ['TRIM', '(', 'BOTH'], since: 160 },
  { words: ['<<'], since: 160 },
  { words: ['>>'], since: 160 },
  { words: ['WITH', 'ARRAY', 'WRAPPER'], since: 170 },
  { words: ['||'], since: 170 },
  { words: ['||='], since: 170 },
  ...[
    'TABLE',
    'VIEW',
    'PROCEDURE',
    'PROC',
    'FUNCTION',
    'TRIGGER',
    'INDEX',
    'TYPE',
    'SCHEMA',
    'SEQUENCE',
    'SYNONYM',
    'DATABASE',
    'USER',
    'ROLE',
    'RULE',
    'DEFAULT',
    'STATISTICS',
    'COLUMN',
    'CONSTRAINT',
  ].map(kind => ({
    words: ['DROP', kind, 'IF', 'EXISTS'],
    since: 130,
  })),
];

/** Names of data types by first version, where one is used as a type of a variable, parameter or CAST. */
export const typeVersions: ReadonlyMap<string, number> = new Map([
  ['JSON', 170],
  ['VECTOR', 170],
]);
