/** Defaults that a bulk load gives to columns left out as an INSERT does, and that leave no trace when a load is undone. */

/** Functions that read nothing of the database and count nothing. */
const harmless = new Set(
  `getdate getutcdate sysdatetime sysutcdatetime sysdatetimeoffset current_timestamp newid newsequentialid suser_sname suser_name
  suser_id original_login user_name user system_user session_user current_user host_name host_id app_name db_name db_id
  cast convert try_cast try_convert isnull coalesce nullif dateadd datediff datepart datename year month day
  datefromparts datetime2fromparts timefromparts upper lower left right len ltrim rtrim replace replicate space str char nchar
  substring abs ceiling floor round power sqrt newid hashbytes checksum as null collate
  bigint int smallint tinyint bit decimal numeric money smallmoney float real date time datetime datetime2 datetimeoffset
  smalldatetime char varchar nchar nvarchar binary varbinary uniqueidentifier xml max
  yy yyyy qq q mm m dy y dd d wk ww dw hh mi n ss s ms mcs ns quarter week weekday hour minute second millisecond`.split(
    /\s+/,
  ),
);

const lexeme = /N?'(?:[^']|'')*'|0x[0-9a-f]*|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\[[^\]]*\]|[\p{L}_@#][\p{L}\p{N}_@#$]*|\S/giu;

/**
 * @param text of the default constraint, as the catalog has it
 * @returns false for functions of one's own, sequences and whatever else is not known to be harmless
 */
export function isSteadyDefault(text: string): boolean {
  for (const [part] of text.matchAll(lexeme)) {
    if (/^(?:N?'|0x|\d)/i.test(part)) continue;
    // A dot outside of a number joins the names of an object.
    if (part === '.' || part.startsWith('@') || part.startsWith('#')) return false;
    const word = part.startsWith('[') ? part.slice(1, -1) : part;
    if (/^[\p{L}_]/u.test(word) && !harmless.has(word.toLowerCase())) return false;
  }
  return true;
}
