import type { Module } from '../model/module.ts';
import { rewriteModuleHeader } from '../tsql/module-header.ts';
import { scriptOwner } from './authorization.ts';
import { type Batch, type ScriptOptions, withSettings } from './options.ts';

/**
 * A view, procedure, function, trigger, rule or default with the settings stored with it. The text is the stored one;
 * only the name in its header is corrected where the object was renamed (sp_rename leaves the old one in the text).
 * Yields nothing for an encrypted module, which is an unsupported object already.
 */
export function scriptModule(module: Module, options: ScriptOptions, verb: 'CREATE' | 'ALTER' = 'CREATE'): Batch[] {
  if (module.definition === null) return [];
  const text = rewriteModuleHeader(module.definition, { verb, schema: module.schema, name: module.name });
  return [...withSettings(module, text), ...scriptOwner('OBJECT', module, options)];
}
