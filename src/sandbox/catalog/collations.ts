/** Collation names by version: which exist (error 448 for others), and the list of fn_helpcollations. */

const unversioned = [
  'Albanian',
  'Arabic',
  'Chinese_PRC',
  'Chinese_PRC_Stroke',
  'Chinese_Taiwan_Bopomofo',
  'Chinese_Taiwan_Stroke',
  'Croatian',
  'Cyrillic_General',
  'Czech',
  'Danish_Norwegian',
  'Estonian',
  'Finnish_Swedish',
  'French',
  'Georgian_Modern_Sort',
  'German_PhoneBook',
  'Greek',
  'Hebrew',
  'Hindi',
  'Hungarian',
  'Hungarian_Technical',
  'Icelandic',
  'Japanese',
  'Japanese_Unicode',
  'Korean_Wansung',
  'Korean_Wansung_Unicode',
  'Latin1_General',
  'Latvian',
  'Lithuanian',
  'Lithuanian_Classic',
  'Macedonian_FYROM',
  'Modern_Spanish',
  'Polish',
  'Romanian',
  'Slovak',
  'Slovenian',
  'Thai',
  'Traditional_Spanish',
  'Turkish',
  'Ukrainian',
  'Vietnamese',
];
const versioned90 = [
  'Azeri_Cyrillic',
  'Azeri_Latin',
  'Chinese_Hong_Kong_Stroke',
  'Chinese_PRC',
  'Chinese_PRC_Stroke',
  'Chinese_Taiwan_Bopomofo',
  'Chinese_Taiwan_Stroke',
  'Divehi',
  'Indic_General',
  'Japanese',
  'Kazakh',
  'Korean',
  'Macedonian_FYROM',
  'Syriac',
  'Tatar',
  'Uzbek_Latin',
];
const versioned100 = [
  'Albanian',
  'Arabic',
  'Assamese',
  'Azeri_Cyrillic',
  'Azeri_Latin',
  'Bashkir',
  'Bengali',
  'Bosnian_Cyrillic',
  'Bosnian_Latin',
  'Breton',
  'Chinese_Hong_Kong_Stroke',
  'Chinese_Simplified_Pinyin',
  'Chinese_Simplified_Stroke_Order',
  'Chinese_Traditional_Bopomofo',
  'Chinese_Traditional_Pinyin',
  'Chinese_Traditional_Stroke_Count',
  'Chinese_Traditional_Stroke_Order',
  'Corsican',
  'Croatian',
  'Cyrillic_General',
  'Czech',
  'Danish_Greenlandic',
  'Dari',
  'Divehi',
  'Estonian',
  'Finnish_Swedish',
  'French',
  'Frisian',
  'Georgian_Modern_Sort',
  'German_PhoneBook',
  'Greek',
  'Hebrew',
  'Hungarian',
  'Hungarian_Technical',
  'Icelandic',
  'Indic_General',
  'Japanese_Bushu_Kakusu',
  'Japanese_XJIS',
  'Kazakh',
  'Khmer',
  'Korean',
  'Lao',
  'Latin1_General',
  'Latvian',
  'Lithuanian',
  'Macedonian_FYROM',
  'Maltese',
  'Maori',
  'Mapudungan',
  'Modern_Spanish',
  'Mohawk',
  'Nepali',
  'Norwegian',
  'Pashto',
  'Persian',
  'Polish',
  'Romanian',
  'Romansh',
  'Sami_Norway',
  'Sami_Sweden_Finland',
  'Serbian_Cyrillic',
  'Serbian_Latin',
  'Slovak',
  'Slovenian',
  'Syriac',
  'Tamazight',
  'Tatar',
  'Thai',
  'Tibetan',
  'Traditional_Spanish',
  'Turkish',
  'Turkmen',
  'Uighur',
  'Ukrainian',
  'Upper_Sorbian',
  'Urdu',
  'Uzbek_Latin',
  'Vietnamese',
  'Welsh',
  'Yakut',
];
const versioned140 = ['Japanese_Bushu_Kakusu', 'Japanese_XJIS'];
const versioned160 = [
  'Chinese_Simplified_Pinyin',
  'Chinese_Simplified_Stroke_Order',
  'Chinese_Traditional_Bopomofo',
  'Chinese_Traditional_Pinyin',
  'Chinese_Traditional_Stroke_Count',
  'Chinese_Traditional_Stroke_Order',
];

/** Families of Unicode-only collations: no code page, so not for char and varchar. */
const sqlCollations = [
  'SQL_1xCompat_CP850_CI_AS',
  'SQL_AltDiction_CP850_CI_AI',
  'SQL_AltDiction_CP850_CI_AS',
  'SQL_AltDiction_CP850_CS_AS',
  'SQL_AltDiction_Pref_CP850_CI_AS',
  'SQL_AltDiction2_CP1253_CS_AS',
  'SQL_Croatian_CP1250_CI_AS',
  'SQL_Croatian_CP1250_CS_AS',
  'SQL_Czech_CP1250_CI_AS',
  'SQL_Czech_CP1250_CS_AS',
  'SQL_Danish_Pref_CP1_CI_AS',
  'SQL_EBCDIC037_CP1_CS_AS',
  'SQL_EBCDIC1141_CP1_CS_AS',
  'SQL_EBCDIC273_CP1_CS_AS',
  'SQL_EBCDIC277_CP1_CS_AS',
  'SQL_EBCDIC278_CP1_CS_AS',
  'SQL_EBCDIC280_CP1_CS_AS',
  'SQL_EBCDIC284_CP1_CS_AS',
  'SQL_EBCDIC285_CP1_CS_AS',
  'SQL_EBCDIC297_CP1_CS_AS',
  'SQL_Estonian_CP1257_CI_AS',
  'SQL_Estonian_CP1257_CS_AS',
  'SQL_Hungarian_CP1250_CI_AS',
  'SQL_Hungarian_CP1250_CS_AS',
  'SQL_Icelandic_Pref_CP1_CI_AS',
  'SQL_Latin1_General_CP1_CI_AI',
  'SQL_Latin1_General_CP1_CI_AS',
  'SQL_Latin1_General_CP1_CS_AS',
  'SQL_Latin1_General_CP1250_CI_AS',
  'SQL_Latin1_General_CP1250_CS_AS',
  'SQL_Latin1_General_CP1251_CI_AS',
  'SQL_Latin1_General_CP1251_CS_AS',
  'SQL_Latin1_General_CP1253_CI_AI',
  'SQL_Latin1_General_CP1253_CI_AS',
  'SQL_Latin1_General_CP1253_CS_AS',
  'SQL_Latin1_General_CP1254_CI_AS',
  'SQL_Latin1_General_CP1254_CS_AS',
  'SQL_Latin1_General_CP1255_CI_AS',
  'SQL_Latin1_General_CP1255_CS_AS',
  'SQL_Latin1_General_CP1256_CI_AS',
  'SQL_Latin1_General_CP1256_CS_AS',
  'SQL_Latin1_General_CP1257_CI_AS',
  'SQL_Latin1_General_CP1257_CS_AS',
  'SQL_Latin1_General_CP437_BIN',
  'SQL_Latin1_General_CP437_BIN2',
  'SQL_Latin1_General_CP437_CI_AI',
  'SQL_Latin1_General_CP437_CI_AS',
  'SQL_Latin1_General_CP437_CS_AS',
  'SQL_Latin1_General_CP850_BIN',
  'SQL_Latin1_General_CP850_BIN2',
  'SQL_Latin1_General_CP850_CI_AI',
  'SQL_Latin1_General_CP850_CI_AS',
  'SQL_Latin1_General_CP850_CS_AS',
  'SQL_Latin1_General_Pref_CP1_CI_AS',
  'SQL_Latin1_General_Pref_CP437_CI_AS',
  'SQL_Latin1_General_Pref_CP850_CI_AS',
  'SQL_Latvian_CP1257_CI_AS',
  'SQL_Latvian_CP1257_CS_AS',
  'SQL_Lithuanian_CP1257_CI_AS',
  'SQL_Lithuanian_CP1257_CS_AS',
  'SQL_MixDiction_CP1253_CS_AS',
  'SQL_Polish_CP1250_CI_AS',
  'SQL_Polish_CP1250_CS_AS',
  'SQL_Romanian_CP1250_CI_AS',
  'SQL_Romanian_CP1250_CS_AS',
  'SQL_Scandinavian_CP850_CI_AS',
  'SQL_Scandinavian_CP850_CS_AS',
  'SQL_Scandinavian_Pref_CP850_CI_AS',
  'SQL_Slovak_CP1250_CI_AS',
  'SQL_Slovak_CP1250_CS_AS',
  'SQL_Slovenian_CP1250_CI_AS',
  'SQL_Slovenian_CP1250_CS_AS',
  'SQL_SwedishPhone_Pref_CP1_CI_AS',
  'SQL_SwedishStd_Pref_CP1_CI_AS',
  'SQL_Ukrainian_CP1251_CI_AS',
  'SQL_Ukrainian_CP1251_CS_AS',
];

const sensitivities = ['CI_AI', 'CI_AS', 'CS_AI', 'CS_AS'].flatMap(s => [s, `${s}_WS`, `${s}_KS`, `${s}_KS_WS`]);

function* windowsNames(version: number): Generator<string> {
  for (const family of unversioned) {
    yield `${family}_BIN`;
    yield `${family}_BIN2`;
    for (const s of sensitivities) yield `${family}_${s}`;
  }
  const newer: [string, readonly string[]][] = [
    ['90', versioned90],
    ['100', versioned100],
  ];
  for (const [suffix, families] of newer) {
    for (const family of families) {
      const stem = `${family}_${suffix}`;
      yield `${stem}_BIN`;
      yield `${stem}_BIN2`;
      if (version >= 150) yield `${stem}_BIN2_UTF8`;
      for (const s of sensitivities) {
        yield `${stem}_${s}`;
        if (version >= 110) yield `${stem}_${s}_SC`;
        if (version >= 150) yield `${stem}_${s}_SC_UTF8`;
      }
    }
  }
  const supplementary: [number, string, readonly string[]][] = [
    [140, '140', versioned140],
    [170, '160', versioned160],
  ];
  for (const [since, suffix, families] of supplementary) {
    if (version < since) continue;
    for (const family of families) {
      const stem = `${family}_${suffix}`;
      yield `${stem}_BIN`;
      yield `${stem}_BIN2`;
      if (version >= 150) yield `${stem}_BIN2_UTF8`;
      for (const s of sensitivities) {
        for (const v of ['', '_VSS']) {
          yield `${stem}_${s}${v}`;
          if (version >= 150) yield `${stem}_${s}${v}_UTF8`;
        }
      }
    }
  }
}

const lists = new Map<number, ReadonlyMap<string, string>>();

/** Collations of a version: lower-case name → name. */
export function collationsOf(version: number): ReadonlyMap<string, string> {
  let list = lists.get(version);
  if (!list) {
    list = new Map([...windowsNames(version), ...sqlCollations].map(n => [n.toLowerCase(), n]));
    lists.set(version, list);
  }
  return list;
}

/** The name as the server writes it, or undefined when the version has no such collation. */
export function knownCollation(name: string, version: number): string | undefined {
  return collationsOf(version).get(name.toLowerCase());
}

/** Names in a database of this collation are told apart by case. */
export const isCaseSensitive = (collation: string): boolean => /_(CS|BIN2?)(_|$)/i.test(collation);
