/**
 * xpdb as a library: read a database or a script into a model, fit it to a target, write it as a script, replay scripts.
 * Nothing here prints or ends the process; errors for users are XpdbError.
 */
export type { Output } from './archive/output-file.ts';
export { openOutputFile } from './archive/output-file.ts';
export type { ScriptInput } from './archive/script-input.ts';
export { openScriptFile, openScriptStream } from './archive/script-input.ts';
export { readDatabase } from './catalog/read-database.ts';
export type { Finding, Severity } from './compat/finding.ts';
export { gate } from './compat/gate.ts';
export type { GateResult, Rule, Target } from './compat/rule.ts';
export { rules } from './compat/rules.ts';
export type { Edition, TargetVersion, VersionNumber } from './compat/version.ts';
export { engineEditions, parseTargetVersion, targetVersions, versionNumber } from './compat/version.ts';
export { openSession } from './connection/connect.ts';
export type { Authentication, ConnectionOptions, Encryption } from './connection/connection-options.ts';
export { defaultConnectionOptions } from './connection/connection-options.ts';
export { parseConnectionString } from './connection/connection-string.ts';
export type { ServerProperties } from './connection/server-properties.ts';
export { readServerProperties } from './connection/server-properties.ts';
export type { Session } from './connection/session.ts';
export type { ExportOptions, ExportResult } from './exporter/export-options.ts';
export { exportScript } from './exporter/export-script.ts';
export type { ImportOptions, ImportResult } from './importer/import-options.ts';
export { importScript } from './importer/import-script.ts';
export type { Database } from './model/database.ts';
export { describeError, ExitCode, XpdbError } from './model/error.ts';
export type { ProgressEvent, ReportProgress } from './model/progress.ts';
export type { Sandbox, SandboxOptions } from './sandbox/start-sandbox.ts';
export { startSandbox } from './sandbox/start-sandbox.ts';
export type { ScriptOptions } from './scripter/options.ts';
export type { DatabaseScript, ScriptEntry } from './scripter/script-database.ts';
export { scriptDatabase } from './scripter/script-database.ts';
export { readScriptText } from './tsql/read-script.ts';
