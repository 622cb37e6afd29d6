/** SERVERPROPERTY and the globals that tell of the server. Properties as Microsoft's page of SERVERPROPERTY lists them. */
import { collationFromName } from '../../../data/collation.ts';
import {
  defaultDataPath,
  editionName,
  engineEdition,
  releaseOf,
  type ServerOptions,
  versionText,
} from '../server-options.ts';
import { variant } from '../table-loader.ts';
import { comparisonStyle, lcidOf } from './collation-functions.ts';
import { type Answer, bit, type MetadataFunctions } from './function-call.ts';

interface Property {
  /** First version that knows it; NULL before. */
  readonly since?: number;
  readonly read: (options: ServerOptions) => Answer;
}
const of = (read: Property['read'], since?: number): Property => (since === undefined ? { read } : { read, since });

const productVersion = (options: ServerOptions): string => (options.azure ? '12.0.2000.8' : releaseOf(options).product);
const versionPart =
  (index: number): Property['read'] =>
  options =>
    productVersion(options).split('.')[index] ?? null;
/** SERVERPROPERTY('EditionID'), sql_variant of bigint. */
const editionIds: Readonly<Record<string, string>> = {
  express: '-1592396055',
  web: '1293598313',
  standard: '-1534726760',
  enterprise: '1804890536',
  developer: '-2117995310',
};
const filestreamLevel = (options: ServerOptions): number =>
  options.filestream && options.platform === 'windows' ? 3 : 0;
const machine = (options: ServerOptions): string => options.serverName.split('\\')[0] ?? options.serverName;

const properties: Readonly<Record<string, Property>> = {
  BUILDCLRVERSION: of(o => (o.version >= 110 ? 'v4.0.30319' : 'v2.0.50727')),
  COLLATION: of(o => o.collation),
  COLLATIONID: of(o => collationFromName(o.collation).lcid),
  COMPARISONSTYLE: of(o => comparisonStyle(o.collation)),
  COMPUTERNAMEPHYSICALNETBIOS: of(machine),
  EDITION: of(editionName),
  EDITIONID: of(o => variant('bigint', o.azure ? '1674378470' : (editionIds[o.edition] ?? '0'))),
  ENGINEEDITION: of(engineEdition),
  FILESTREAMCONFIGUREDLEVEL: of(filestreamLevel),
  FILESTREAMEFFECTIVELEVEL: of(filestreamLevel),
  FILESTREAMSHARENAME: of(o => (filestreamLevel(o) > 0 ? 'MSSQLSERVER' : null)),
  HADRMANAGERSTATUS: of(() => 2, 110),
  INSTANCEDEFAULTBACKUPPATH: of(o => (o.azure ? null : defaultDataPath(o)), 150),
  INSTANCEDEFAULTDATAPATH: of(o => (o.azure ? null : defaultDataPath(o)), 110),
  INSTANCEDEFAULTLOGPATH: of(o => (o.azure ? null : defaultDataPath(o)), 110),
  INSTANCENAME: of(o => o.serverName.split('\\')[1] ?? null),
  ISADVANCEDANALYTICSINSTALLED: of(() => 0, 130),
  ISBIGDATACLUSTER: of(() => 0, 150),
  ISCLUSTERED: of(() => 0),
  ISEXTERNALAUTHENTICATIONONLY: of(o => (o.azure ? 0 : null), 160),
  ISEXTERNALGOVERNANCEENABLED: of(() => 0, 160),
  ISFULLTEXTINSTALLED: of(() => 0),
  ISHADRENABLED: of(() => 0, 110),
  ISINTEGRATEDSECURITYONLY: of(() => 0),
  ISLOCALDB: of(() => 0, 110),
  ISPOLYBASEINSTALLED: of(() => 0, 130),
  ISSERVERSUSPENDEDFORSNAPSHOTBACKUP: of(() => 0, 160),
  ISSINGLEUSER: of(() => 0),
  ISTEMPDBMETADATAMEMORYOPTIMIZED: of(() => 0, 150),
  ISXTPSUPPORTED: of(o => bit(o.version >= 130 || o.edition === 'enterprise' || o.edition === 'developer'), 120),
  LCID: of(o => lcidOf(o.collation)),
  LICENSETYPE: of(() => 'DISABLED'),
  MACHINENAME: of(machine),
  NUMLICENSES: of(() => null),
  PATHSEPARATOR: of(o => (o.platform === 'linux' ? '/' : '\\'), 140),
  PROCESSID: of(() => 1),
  PRODUCTBUILD: of(versionPart(2), 120),
  PRODUCTBUILDTYPE: of(() => null, 110),
  PRODUCTLEVEL: of(o => (o.azure ? 'RTM' : releaseOf(o).level)),
  PRODUCTMAJORVERSION: of(versionPart(0), 110),
  PRODUCTMINORVERSION: of(versionPart(1), 110),
  PRODUCTUPDATELEVEL: of(() => null, 110),
  PRODUCTUPDATEREFERENCE: of(() => null, 110),
  PRODUCTVERSION: of(productVersion),
  RESOURCELASTUPDATEDATETIME: of(() => variant('datetime', '2020-01-01 00:00:00.000')),
  RESOURCEVERSION: of(o => productVersion(o).split('.').slice(0, 3).join('.')),
  SERVERNAME: of(o => o.serverName),
  SQLCHARSET: of(() => 1),
  SQLCHARSETNAME: of(() => 'iso_1'),
  SQLSORTORDER: of(o => collationFromName(o.collation).sortId),
  SQLSORTORDERNAME: of(o => (collationFromName(o.collation).sortId === 0 ? 'bin_ascii_8' : 'nocase_iso')),
  SUSPENDEDDATABASECOUNT: of(() => 0, 160),
};

export const serverFunctions: MetadataFunctions = {
  SERVERPROPERTY(call) {
    const name = call.text(0)?.trim().toUpperCase();
    const property = name !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const { options } = call.state;
    return property && (property.since ?? 0) <= options.version ? property.read(options) : null;
  },
  '@@VERSION': call => versionText(call.state.options),
  '@@SERVERNAME': call => call.state.options.serverName,
  '@@SERVICENAME': call => call.state.options.serverName.split('\\')[1] ?? 'MSSQLSERVER',
  '@@MICROSOFTVERSION': call => {
    const [major = 0, minor = 0, build = 0] = productVersion(call.state.options).split('.').map(Number);
    return major * 0x1000000 + minor * 0x10000 + build;
  },
};
