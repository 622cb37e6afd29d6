/** Collation names and the five bytes by which TDS names a collation (MS-TDS 2.2.5.1.2). */

import { XpdbError } from '../model/error.ts';
import { type CodePageNumber, codePageNumberOf } from './code-page.ts';
import { readCollation } from './column-metadata.ts';
import type { WireCollation } from './wire-column.ts';

const flag = { ignoreCase: 1, ignoreAccent: 2, ignoreKana: 4, ignoreWidth: 8, binary: 16, binary2: 32, utf8: 64 };

/** Windows families → LCID with the sort id in its upper bits. Of two families with one LCID the wire tells by the version. */
const families: readonly (readonly [string, number, versions: string])[] = [
  ['Albanian', 0x041c, '0 100'],
  ['Arabic', 0x0401, '0 100'],
  ['Assamese', 0x044d, '100'],
  ['Azeri_Cyrillic', 0x082c, '90 100'],
  ['Azeri_Latin', 0x042c, '90 100'],
  ['Bashkir', 0x046d, '100'],
  ['Bengali', 0x0445, '100'],
  ['Bosnian_Cyrillic', 0x201a, '100'],
  ['Bosnian_Latin', 0x141a, '100'],
  ['Breton', 0x047e, '100'],
  ['Chinese_Hong_Kong_Stroke', 0x0c04, '90 100'],
  ['Chinese_PRC', 0x0804, '0 90'],
  ['Chinese_PRC_Stroke', 0x20804, '0 90'],
  ['Chinese_Simplified_Pinyin', 0x0804, '100 160'],
  ['Chinese_Simplified_Stroke_Order', 0x20804, '100 160'],
  ['Chinese_Taiwan_Bopomofo', 0x30404, '0 90'],
  ['Chinese_Taiwan_Stroke', 0x0404, '0 90'],
  ['Chinese_Traditional_Bopomofo', 0x30404, '100 160'],
  ['Chinese_Traditional_Pinyin', 0x1404, '100 160'],
  ['Chinese_Traditional_Stroke_Count', 0x0404, '100 160'],
  ['Chinese_Traditional_Stroke_Order', 0x21404, '100 160'],
  ['Corsican', 0x0483, '100'],
  ['Croatian', 0x041a, '0 100'],
  ['Cyrillic_General', 0x0419, '0 100'],
  ['Czech', 0x0405, '0 100'],
  ['Danish_Greenlandic', 0x0406, '100'],
  ['Danish_Norwegian', 0x0406, '0'],
  ['Dari', 0x048c, '100'],
  ['Divehi', 0x0465, '90 100'],
  ['Estonian', 0x0425, '0 100'],
  ['Finnish_Swedish', 0x040b, '0 100'],
  ['French', 0x040c, '0 100'],
  ['Frisian', 0x0462, '100'],
  ['Georgian_Modern_Sort', 0x10437, '0 100'],
  ['German_PhoneBook', 0x10407, '0 100'],
  ['Greek', 0x0408, '0 100'],
  ['Hebrew', 0x040d, '0 100'],
  ['Hindi', 0x0439, '0'],
  ['Hungarian', 0x040e, '0 100'],
  ['Hungarian_Technical', 0x1040e, '0 100'],
  ['Icelandic', 0x040f, '0 100'],
  ['Indic_General', 0x0439, '90 100'],
  ['Japanese', 0x0411, '0 90'],
  ['Japanese_Bushu_Kakusu', 0x40411, '100 140'],
  ['Japanese_Unicode', 0x10411, '0'],
  ['Japanese_XJIS', 0x0411, '100 140'],
  ['Kazakh', 0x043f, '90 100'],
  ['Khmer', 0x0453, '100'],
  ['Korean', 0x0412, '90 100'],
  ['Korean_Wansung', 0x0412, '0'],
  ['Korean_Wansung_Unicode', 0x10412, '0'],
  ['Lao', 0x0454, '100'],
  ['Latin1_General', 0x0409, '0 100'],
  ['Latvian', 0x0426, '0 100'],
  ['Lithuanian', 0x0427, '0 100'],
  ['Lithuanian_Classic', 0x0827, '0'],
  ['Macedonian_FYROM', 0x042f, '0 90 100'],
  ['Maltese', 0x043a, '100'],
  ['Maori', 0x0481, '100'],
  ['Mapudungan', 0x047a, '100'],
  ['Modern_Spanish', 0x0c0a, '0 100'],
  ['Mohawk', 0x047c, '100'],
  ['Nepali', 0x0461, '100'],
  ['Norwegian', 0x0414, '100'],
  ['Pashto', 0x0463, '100'],
  ['Persian', 0x0429, '100'],
  ['Polish', 0x0415, '0 100'],
  ['Romanian', 0x0418, '0 100'],
  ['Romansh', 0x0417, '100'],
  ['Sami_Norway', 0x043b, '100'],
  ['Sami_Sweden_Finland', 0x083b, '100'],
  ['Serbian_Cyrillic', 0x0c1a, '100'],
  ['Serbian_Latin', 0x081a, '100'],
  ['Slovak', 0x041b, '0 100'],
  ['Slovenian', 0x0424, '0 100'],
  ['Syriac', 0x045a, '90 100'],
  ['Tamazight', 0x085f, '100'],
  ['Tatar', 0x0444, '90 100'],
  ['Thai', 0x041e, '0 100'],
  ['Tibetan', 0x0451, '100'],
  ['Traditional_Spanish', 0x040a, '0 100'],
  ['Turkish', 0x041f, '0 100'],
  ['Turkmen', 0x0442, '100'],
  ['Uighur', 0x0480, '100'],
  ['Ukrainian', 0x0422, '0 100'],
  ['Upper_Sorbian', 0x042e, '100'],
  ['Urdu', 0x0420, '100'],
  ['Uzbek_Latin', 0x0443, '90 100'],
  ['Vietnamese', 0x042a, '0 100'],
  ['Welsh', 0x0452, '100'],
  ['Yakut', 0x0485, '100'],
];

/** SQL collations: sort id, language of their Unicode half, name without `SQL_`. */
const sqlCollations: readonly (readonly [number, number, string])[] = [
  [30, 0x0409, 'Latin1_General_CP437_BIN'],
  [31, 0x0409, 'Latin1_General_CP437_CS_AS'],
  [32, 0x0409, 'Latin1_General_CP437_CI_AS'],
  [33, 0x0409, 'Latin1_General_Pref_CP437_CI_AS'],
  [34, 0x0409, 'Latin1_General_CP437_CI_AI'],
  [40, 0x0409, 'Latin1_General_CP850_BIN'],
  [41, 0x0409, 'Latin1_General_CP850_CS_AS'],
  [42, 0x0409, 'Latin1_General_CP850_CI_AS'],
  [43, 0x0409, 'Latin1_General_Pref_CP850_CI_AS'],
  [44, 0x0409, 'Latin1_General_CP850_CI_AI'],
  [49, 0x0409, '1xCompat_CP850_CI_AS'],
  [51, 0x0409, 'Latin1_General_CP1_CS_AS'],
  [52, 0x0409, 'Latin1_General_CP1_CI_AS'],
  [53, 0x0409, 'Latin1_General_Pref_CP1_CI_AS'],
  [54, 0x0409, 'Latin1_General_CP1_CI_AI'],
  [55, 0x0409, 'AltDiction_CP850_CS_AS'],
  [56, 0x0409, 'AltDiction_Pref_CP850_CI_AS'],
  [57, 0x0409, 'AltDiction_CP850_CI_AI'],
  [58, 0x0406, 'Scandinavian_Pref_CP850_CI_AS'],
  [59, 0x0406, 'Scandinavian_CP850_CS_AS'],
  [60, 0x0406, 'Scandinavian_CP850_CI_AS'],
  [61, 0x0409, 'AltDiction_CP850_CI_AS'],
  [81, 0x0409, 'Latin1_General_CP1250_CS_AS'],
  [82, 0x0409, 'Latin1_General_CP1250_CI_AS'],
  [83, 0x0405, 'Czech_CP1250_CS_AS'],
  [84, 0x0405, 'Czech_CP1250_CI_AS'],
  [85, 0x040e, 'Hungarian_CP1250_CS_AS'],
  [86, 0x040e, 'Hungarian_CP1250_CI_AS'],
  [87, 0x0415, 'Polish_CP1250_CS_AS'],
  [88, 0x0415, 'Polish_CP1250_CI_AS'],
  [89, 0x0418, 'Romanian_CP1250_CS_AS'],
  [90, 0x0418, 'Romanian_CP1250_CI_AS'],
  [91, 0x041a, 'Croatian_CP1250_CS_AS'],
  [92, 0x041a, 'Croatian_CP1250_CI_AS'],
  [93, 0x041b, 'Slovak_CP1250_CS_AS'],
  [94, 0x041b, 'Slovak_CP1250_CI_AS'],
  [95, 0x0424, 'Slovenian_CP1250_CS_AS'],
  [96, 0x0424, 'Slovenian_CP1250_CI_AS'],
  [105, 0x0419, 'Latin1_General_CP1251_CS_AS'],
  [106, 0x0419, 'Latin1_General_CP1251_CI_AS'],
  [107, 0x0422, 'Ukrainian_CP1251_CS_AS'],
  [108, 0x0422, 'Ukrainian_CP1251_CI_AS'],
  [113, 0x0408, 'Latin1_General_CP1253_CS_AS'],
  [114, 0x0408, 'Latin1_General_CP1253_CI_AS'],
  [120, 0x0408, 'MixDiction_CP1253_CS_AS'],
  [121, 0x0408, 'AltDiction_CP1253_CS_AS'],
  [122, 0x0408, 'AltDiction2_CP1253_CS_AS'],
  [124, 0x0408, 'Latin1_General_CP1253_CI_AI'],
  [129, 0x041f, 'Latin1_General_CP1254_CS_AS'],
  [130, 0x041f, 'Latin1_General_CP1254_CI_AS'],
  [137, 0x040d, 'Latin1_General_CP1255_CS_AS'],
  [138, 0x040d, 'Latin1_General_CP1255_CI_AS'],
  [145, 0x0401, 'Latin1_General_CP1256_CS_AS'],
  [146, 0x0401, 'Latin1_General_CP1256_CI_AS'],
  [153, 0x0425, 'Latin1_General_CP1257_CS_AS'],
  [154, 0x0425, 'Latin1_General_CP1257_CI_AS'],
  [155, 0x0425, 'Estonian_CP1257_CS_AS'],
  [156, 0x0425, 'Estonian_CP1257_CI_AS'],
  [157, 0x0426, 'Latvian_CP1257_CS_AS'],
  [158, 0x0426, 'Latvian_CP1257_CI_AS'],
  [159, 0x0427, 'Lithuanian_CP1257_CS_AS'],
  [160, 0x0427, 'Lithuanian_CP1257_CI_AS'],
  [183, 0x0406, 'Danish_Pref_CP1_CI_AS'],
  [184, 0x041d, 'SwedishPhone_Pref_CP1_CI_AS'],
  [185, 0x041d, 'SwedishStd_Pref_CP1_CI_AS'],
  [186, 0x040f, 'Icelandic_Pref_CP1_CI_AS'],
  [210, 0x0409, 'EBCDIC037_CP1_CS_AS'],
  [211, 0x0407, 'EBCDIC273_CP1_CS_AS'],
  [212, 0x0406, 'EBCDIC277_CP1_CS_AS'],
  [213, 0x040b, 'EBCDIC278_CP1_CS_AS'],
  [214, 0x0410, 'EBCDIC280_CP1_CS_AS'],
  [215, 0x040a, 'EBCDIC284_CP1_CS_AS'],
  [216, 0x0809, 'EBCDIC285_CP1_CS_AS'],
  [217, 0x040c, 'EBCDIC297_CP1_CS_AS'],
  [218, 0x0407, 'EBCDIC1141_CP1_CS_AS'],
];

const wireVersions: Readonly<Record<string, number>> = { '0': 0, '90': 1, '100': 2, '140': 3, '160': 4 };

const familyByName = new Map(families.map(family => [family[0].toLowerCase(), family]));
const sqlByName = new Map(sqlCollations.map(entry => [`sql_${entry[2]}`.toLowerCase(), entry]));
const sqlBySortId = new Map(sqlCollations.map(entry => [entry[0], entry]));

/**
 * The wire form of a collation by its name, in any case.
 * @throws XpdbError for a name that is no collation xpdb knows
 */
export function collationFromName(name: string): WireCollation {
  const key = name.toLowerCase();
  const sql = sqlByName.get(key);
  if (sql) return wire(sql[1], sensitivity(key.split('_'), name), 0, sql[0]);
  const parts = key.split('_');
  // The family ends where the version, the sensitivities or BIN begin.
  const from = parts.findIndex(part => /^(?:90|100|140|160|bin2?|c[is])$/.test(part));
  const family = familyByName.get(parts.slice(0, Math.max(0, from)).join('_'));
  if (!family) throw noCollation(name);
  const rest = parts.slice(from);
  const version = rest[0]! in wireVersions ? rest.shift()! : '0';
  if (!family[2].split(' ').includes(version)) throw noCollation(name);
  return wire(family[1], sensitivity(rest, name), wireVersions[version]!, 0);
}

/** Code page of the collation's char and varchar values. @throws XpdbError as collationFromName, and for Unicode-only ones */
export function codePageFromCollationName(name: string): CodePageNumber {
  return codePageNumberOf(collationFromName(name), `with the collation ${name}`);
}

/**
 * The name of a wire collation. `_SC` and `_VSS` are not on the wire, so names that differ only there come without it,
 * except for UTF-8, where `_SC` is the only form.
 * @throws XpdbError naming the column when no collation has these bytes
 */
export function collationName(collation: WireCollation, column: string): string {
  const { lcid, flags, version, sortId } = collation;
  const known = sqlBySortId.get(sortId);
  if (known) return `SQL_${known[2]}`;
  const versionName = Object.keys(wireVersions).find(v => wireVersions[v] === version);
  const family = families.find(f => sortId === 0 && f[1] === lcid && f[2].split(' ').includes(versionName ?? ''));
  if (!family) {
    const hex = Buffer.from(collation.bytes).toString('hex').toUpperCase();
    throw new XpdbError(`column ${column} has the collation 0x${hex}, whose name xpdb does not know`, {
      hint: 'leave the column out, or convert it in the query',
    });
  }
  const stem = versionName === '0' ? family[0] : `${family[0]}_${versionName}`;
  const utf8 = (flags & flag.utf8) !== 0;
  if (flags & flag.binary2) return `${stem}_BIN2${utf8 ? '_UTF8' : ''}`;
  if (flags & flag.binary) return `${stem}_BIN`;
  const words = [flags & flag.ignoreCase ? 'CI' : 'CS', flags & flag.ignoreAccent ? 'AI' : 'AS'];
  if (!(flags & flag.ignoreKana)) words.push('KS');
  if (!(flags & flag.ignoreWidth)) words.push('WS');
  // From version 140 on every collation knows supplementary characters and has no suffix for it.
  if (utf8) words.push(...(version < 3 ? ['SC'] : []), 'UTF8');
  return `${stem}_${words.join('_')}`;
}

function sensitivity(parts: readonly string[], name: string): number {
  const utf8 = parts.includes('utf8') ? flag.utf8 : 0;
  if (parts.includes('bin')) return flag.binary | utf8;
  if (parts.includes('bin2')) return flag.binary2 | utf8;
  const has = (word: string) => parts.includes(word);
  if (has('ci') === has('cs') || has('ai') === has('as')) throw noCollation(name);
  return (
    (has('ci') ? flag.ignoreCase : 0) |
    (has('ai') ? flag.ignoreAccent : 0) |
    (has('ks') ? 0 : flag.ignoreKana) |
    (has('ws') ? 0 : flag.ignoreWidth) |
    utf8
  );
}

function wire(lcid: number, flags: number, version: number, sortId: number): WireCollation {
  const info = (lcid | (flags << 20) | (version << 28)) >>> 0;
  return readCollation(Uint8Array.of(info & 0xff, (info >>> 8) & 0xff, (info >>> 16) & 0xff, info >>> 24, sortId), 0);
}

function noCollation(name: string): XpdbError {
  return new XpdbError(`${name} is no collation that xpdb knows`, {
    hint: 'check the name with sys.fn_helpcollations()',
  });
}
