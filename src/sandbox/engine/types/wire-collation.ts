/** The five bytes by which TDS names a collation. */
const lcids: Readonly<Record<string, number>> = {
  latin1_general: 0x0409,
  cyrillic_general: 0x0419,
  greek: 0x0408,
  turkish: 0x041f,
  hebrew: 0x040d,
  arabic: 0x0401,
  czech: 0x0405,
  polish: 0x0415,
  french: 0x040c,
  german_phonebook: 0x10407,
  japanese: 0x0411,
  korean_wansung: 0x0412,
  chinese_prc: 0x0804,
  chinese_taiwan_stroke: 0x0404,
  modern_spanish: 0x0c0a,
  traditional_spanish: 0x040a,
  danish_norwegian: 0x0406,
  finnish_swedish: 0x040b,
  hungarian: 0x040e,
  thai: 0x041e,
  ukrainian: 0x0422,
  vietnamese: 0x042a,
  estonian: 0x0425,
  latvian: 0x0426,
  lithuanian: 0x0427,
  romanian: 0x0418,
  slovak: 0x041b,
  slovenian: 0x0424,
  croatian: 0x041a,
  albanian: 0x041c,
  icelandic: 0x040f,
};
const sqlSortIds: Readonly<Record<string, number>> = {
  sql_latin1_general_cp1_cs_as: 51,
  sql_latin1_general_cp1_ci_as: 52,
  sql_latin1_general_pref_cp1_ci_as: 53,
  sql_latin1_general_cp1_ci_ai: 54,
  sql_latin1_general_cp850_bin: 40,
  sql_latin1_general_cp850_ci_as: 42,
  sql_latin1_general_cp850_cs_as: 41,
  sql_latin1_general_cp437_bin: 30,
  sql_latin1_general_cp437_cs_as: 31,
  sql_latin1_general_cp437_ci_as: 32,
  sql_latin1_general_cp1250_cs_as: 81,
  sql_latin1_general_cp1250_ci_as: 82,
  sql_latin1_general_cp1251_cs_as: 105,
  sql_latin1_general_cp1251_ci_as: 106,
  sql_latin1_general_cp1253_cs_as: 113,
  sql_latin1_general_cp1253_ci_as: 114,
  sql_latin1_general_cp1254_cs_as: 129,
  sql_latin1_general_cp1254_ci_as: 130,
};

/** Flags: 1 ignore case, 2 ignore accent, 8 ignore width, 4 ignore kana, 16 binary, 32 binary2, 64 UTF-8 (MS-TDS 2.2.5.1.2). */
export function wireCollation(name: string): Uint8Array {
  const key = name.toLowerCase();
  const parts = key.split('_');
  let flags = 0;
  if (parts.includes('bin')) flags |= 16;
  else if (parts.includes('bin2')) flags |= 32;
  else {
    if (!parts.includes('cs')) flags |= 1;
    if (parts.includes('ai')) flags |= 2;
    if (!parts.includes('ks')) flags |= 4;
    if (!parts.includes('ws')) flags |= 8;
  }
  if (parts.includes('utf8')) flags |= 64;
  const versionPart = parts.find(p => p === '90' || p === '100' || p === '140' || p === '160');
  const version = versionPart === undefined ? 0 : versionPart === '90' ? 1 : versionPart === '100' ? 2 : 3;
  const sortId = sqlSortIds[key] ?? 0;
  const family = Object.keys(lcids).find(f => key.startsWith(`${f}_`));
  const lcid = family ? lcids[family]! : 0x0409;
  const out = Buffer.alloc(5);
  out.writeUInt32LE((lcid | (flags << 20) | (version << 28)) >>> 0, 0);
  out[4] = sortId;
  return out;
}
