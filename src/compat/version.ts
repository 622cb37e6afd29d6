/** The versions of SQL Server that xpdb knows, each meaning its latest service pack or update. */
export const targetVersions = [
  '2008',
  '2008R2',
  '2012',
  '2014',
  '2016',
  '2017',
  '2019',
  '2022',
  '2025',
  'azure',
] as const;
export type TargetVersion = (typeof targetVersions)[number];

/** Major version times ten: 100 = 2008, 105 = 2008 R2, 110 = 2012 … 170 = 2025. Azure SQL Database counts as the newest. */
export type VersionNumber = 100 | 105 | 110 | 120 | 130 | 140 | 150 | 160 | 170;

const numbers: Record<TargetVersion, VersionNumber> = {
  '2008': 100,
  '2008R2': 105,
  '2012': 110,
  '2014': 120,
  '2016': 130,
  '2017': 140,
  '2019': 150,
  '2022': 160,
  '2025': 170,
  azure: 170,
};

export function versionNumber(version: TargetVersion): VersionNumber {
  return numbers[version];
}

/** `2008r2`, `2008 R2`, `SQL2012`, `110`, `11.0.7001` → the version; undefined when it names none. */
export function parseTargetVersion(text: string): TargetVersion | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^sql\s*(server)?\s*/, '')
    .replace(/\s+/g, '');
  const direct = targetVersions.find(v => v.toLowerCase() === plain);
  if (direct) return direct;
  const dotted = /^(\d{1,3})\.(\d+)/.exec(plain);
  if (dotted) return versionOfProduct(Number(dotted[1]), Number(dotted[2]));
  return targetVersions.find(v => v !== 'azure' && String(numbers[v]) === plain);
}

/** From SERVERPROPERTY('ProductVersion'): major and minor (10.50 is 2008 R2). Undefined for versions xpdb does not know. */
export function versionOfProduct(major: number, minor: number): TargetVersion | undefined {
  if (major === 10) return minor >= 50 ? '2008R2' : '2008';
  return targetVersions.find(v => v !== 'azure' && numbers[v] === major * 10);
}

export const engineEditions = ['express', 'web', 'standard', 'enterprise', 'developer'] as const;
export type Edition = (typeof engineEditions)[number];
